/** Questions about rules of the table that changed between two measured releases: the shortest known trace for each. */
import bookTraces from '../../fixtures/book-traces.json' with { type: 'json' }
import { changesOfRule } from '../../fixtures/changes.ts'
import { abi } from '../../harness/abi/index.ts'
import { isBetween, type AbiChange } from '../../harness/model/abi-change.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { branchOf, holdsIn, measured, reached, type Release } from '../../harness/model/release.ts'
import { deciding } from '../../harness/oracle/coverage.ts'
import { answersIn } from '../../harness/oracle/mock.ts'
import { turns, type Turn } from '../../harness/oracle/turns.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { stepsOf } from '../../harness/suite/sequence-text.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { newest } from '../../harness/names/newer.ts'
import { parse } from '../../harness/table/notation.ts'
import type { Row } from '../../harness/table/rows.ts'
import { boot, type RuledWorld } from '../../harness/table/rules.ts'
import { differ, type ReleaseQuestion } from './question.ts'

let known: Promise<Call[][]> | undefined
const gathered = async (): Promise<Call[][]> => [
  ...Object.values(bookTraces).map(({ trace }) => withCreations(parse(trace.join('\n'))).map(({ call }) => call)),
  ...(await allSequences())
    .filter(({ dialect }) => dialect === undefined)
    .map((one) => stepsOf(one, abi).map(({ call }) => call)),
]

/** Every list of calls that is known to show a rule. */
const knownLists = (): Promise<Call[][]> => (known ??= gathered())

interface Parted {
  at: number
  having: Answer
  lacking: Answer
  row: Row
}

const isVague = ({ table }: Turn): boolean => table.isGuess === true || table.varies === true

/** Of the rules that decided a call in the two releases one that only one of them has; else the newer one's. */
const decisiveRow = (worlds: readonly [RuledWorld, RuledWorld], at: readonly [Turn, Turn]): Row | undefined => {
  const [was, is] = at.map(({ call, table }, i) => deciding(worlds[i]!, call, table))
  const [older, newer] = worlds.map(({ release }) => release) as [Release, Release]
  return [is, was].find((row) => row && holdsIn(older, row) !== holdsIn(newer, row)) ?? is ?? was
}

/** Whether both refuse, by other rules, and what is left behind may be another thing. */
const leavesOther = ([was, is]: readonly [Turn, Turn]): boolean =>
  was.table.refusal !== undefined
  && is.table.refusal !== undefined
  && was.table.refusal !== is.table.refusal
  && (was.table.refusal.leaves ?? is.table.refusal.leaves) !== undefined

/**
 * Where two releases part ways in a list: the first call that they answer differently. The rule: that of an earlier
 * call which both refuse and after which they are not in one state, or else of this one.
 */
const partingOf = (host: Host, older: Release, newer: Release, calls: readonly Call[]): Parted | undefined => {
  const worlds = [boot(host, older), boot(host, newer)] as const
  const [left, right] = worlds.map((world) => turns(world, calls)) as [Generator<Turn>, Generator<Turn>]
  let cause: Row | undefined
  for (let at = 0; ; at++) {
    const [was, is] = [left.next().value as Turn | undefined, right.next().value as Turn | undefined]
    if (!was || !is || isVague(was) || isVague(is)) return undefined
    if (differ(is.answer, was.answer)) {
      const row = cause ?? decisiveRow(worlds, [was, is])
      return row && { at, having: is.answer, lacking: was.answer, row }
    }
    if (leavesOther([was, is])) cause ??= decisiveRow(worlds, [was, is])
  }
}

const isMeasured = (release: Release): boolean => measured.some((branch) => branch === branchOf(release))

/** Whether the row is dated by more than the branches that were measured. */
const isDatedExactly = ({ since, until }: Row): boolean =>
  [since ?? [], until ?? []].flat().some((release) => !measured.some((branch) => branch === release))

/** What the table answers in a release: as with the change, or as without; undefined: otherwise. */
const toldBy = (host: Host, calls: readonly Call[], { having, lacking }: Parted): ReleaseQuestion['isHad'] => {
  const had = new Map<Release, boolean | undefined>()
  return (release) => {
    if (!had.has(release)) {
      const answer = answersIn(boot(host, release), calls).at(-1)!
      had.set(release, !differ(answer, having) ? true : !differ(answer, lacking) ? false : undefined)
    }
    return had.get(release)
  }
}

/**
 * By the table, between two branches that were measured only where both answer alike, or the row says more of its date.
 */
const hadByTable = (isHadIn: ReleaseQuestion['isHad'], row: Row): ReleaseQuestion['isHad'] => {
  return (release) => {
    const next = measured.find((branch) => !reached(release, branch))
    const isTold = isMeasured(release) || next === undefined || isDatedExactly(row)
    return isTold || isHadIn(release) === isHadIn(next) ? isHadIn(release) : undefined
  }
}

/** From the older branch to the end of the newer one as the commit is dated, elsewhere by the table. */
const hadByCommit = (isHadIn: ReleaseQuestion['isHad'], { since }: AbiChange, older: Release, newer: Release) => {
  const isAmong = (release: Release) =>
    reached(release, older) && (branchOf(release) === newer || !reached(release, newer))
  return (release: Release) => (isAmong(release) ? reached(release, since) : isHadIn(release))
}

/** The commit between the two releases that brought or ended the rule. */
const commitOf = ({ id }: Row, older: Release, newer: Release): AbiChange | undefined =>
  changesOfRule(id).find((change) => isBetween(change, older, newer))

/** The question which of two releases a kernel answers like, at the call where they part. */
const questionAt = (host: Host, older: Release, newer: Release, list: readonly Call[], parted: Parted) => {
  const { at, having, lacking, row } = parted
  const calls = list.slice(0, at + 1)
  const isHadIn = toldBy(host, calls, parted)
  const made = commitOf(row, older, newer)
  return made
    ? {
        about: { commit: made.commit, title: made.title, since: made.since },
        calls,
        having,
        lacking,
        isHad: hadByCommit(isHadIn, made, older, newer),
      }
    : {
        about: { title: row.id, since: isDatedExactly(row) ? (row.since ?? newer) : newer },
        calls,
        having,
        lacking,
        isHad: hadByTable(isHadIn, row),
      }
}

/** How good a question is, the least is best: its calls, where the newest kernels answer in one of the two ways. */
const badness = (isHad: ReleaseQuestion['isHad'], calls: number): number =>
  isHad(newest) === undefined ? Infinity : calls

/** The rules that changed between neighbours among the measured releases, each with its shortest question. */
export const ruleQuestions = async (host: Host): Promise<ReleaseQuestion[]> => {
  const lists = await knownLists()
  return measured.slice(1).flatMap((newer, i) => {
    const older = measured[i]!
    const best = new Map<string, { question: ReleaseQuestion; bad: number }>()
    for (const list of lists) {
      const parting = partingOf(host, older, newer, list)
      if (!parting) continue
      const calls = list.slice(0, parting.at + 1)
      const known = best.get(parting.row.id)
      if (known && known.bad <= calls.length) continue
      const bad = badness(toldBy(host, calls, parting), calls.length)
      if (known && known.bad <= bad) continue
      best.set(parting.row.id, { question: questionAt(host, older, newer, list, parting), bad })
    }
    return [...best.values()].map(({ question }) => question)
  })
}
