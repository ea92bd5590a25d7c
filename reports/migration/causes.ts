/** What brought a difference about: the commits between the two kernels that speak of it, or else the rule. */
import { changes, changesOfRule } from '../../fixtures/changes.ts'
import { changeInWords, isBetween, type AbiChange } from '../../harness/model/abi-change.ts'
import { branchOf, releasesInWords } from '../../harness/model/release.ts'
import type { Side } from '../diff/side.ts'
import type { Fate } from './fate.ts'
import type { RefusingRule } from './restore.ts'
import type { StatePiece } from './state.ts'

/** The changes that one of the kernels has and the other has not. */
const between = (a: Side, b: Side): AbiChange[] => changes.filter((one) => isBetween(one, a.release, b.release))

/** The changes between the two that speak of this register, or of one that the architecture calls so. */
export const changesOfPiece = (a: Side, b: Side, { id, name }: Pick<StatePiece, 'id' | 'name'>): AbiChange[] =>
  between(a, b).filter(
    ({ registers = [], names = [] }) =>
      (id !== undefined && registers.includes(id)) || (name !== undefined && names.includes(name)),
  )

/**
 * The changes between the two behind what became of a piece: those that speak of it, or else of the rule that refuses
 * it.
 */
export const changesOfFate = (a: Side, b: Side, { piece, rule }: Pick<Fate, 'piece' | 'rule'>): AbiChange[] => {
  const own = changesOfPiece(a, b, piece)
  return own.length > 0 || !rule ? own : changesOfRule(rule.id).filter((one) => isBetween(one, a.release, b.release))
}

/** The changes between the two that brought what has this name, alone or with more words around it. */
export const changesOfName = (a: Side, b: Side, what: string): AbiChange[] =>
  between(a, b).filter(({ names = [] }) => names.some((name) => what.split(/[ (),]+/).includes(name)))

/** A cause as a heading: its commits, or that none is known. */
export const causeInWords = (a: Side, b: Side, found: readonly AbiChange[]): string => {
  if (found.length > 0) return `changed by ${found.map(changeInWords).join('; ')}`
  return branchOf(a.release) === branchOf(b.release)
    ? 'the hosts: both kernels are of one branch'
    : 'the hosts, or a change of which no commit is known here'
}

/** The rule with its citation and releases. */
export const ruleInWords = ({ id, says, from, releases }: RefusingRule): string =>
  `${id} (${releasesInWords(releases)}): ${says} [${from}]`
