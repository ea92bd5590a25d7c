/** A migration for a person. */
import { hex } from '../../harness/model/scalar.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { grouped } from '../run/words.ts'
import { sideInWords } from '../diff/text.ts'
import { causeInWords, changesOfFate, changesOfName, changesOfPiece, ruleInWords } from './causes.ts'
import { fateKinds, isLoss, type Fate, type FateKind } from './fate.ts'
import { fates, type Migration } from './migration.ts'
import { hiddenRegisters } from './qemu.ts'
import { pieceName, type StatePiece } from './state.ts'

const WIDTH = 14
const fact = (name: string, text: string): string => `${name.padEnd(WIDTH)}${oneLine(text)}`

/** Those with the same heading, under it. */
const underHeadings = <T>(all: readonly T[], heading: (one: T) => string): [string, T[]][] => {
  const groups = new Map<string, T[]>()
  for (const one of all) groups.set(heading(one), [...(groups.get(heading(one)) ?? []), one])
  return [...groups]
}

const idOf = ({ id }: StatePiece): string => (id === undefined ? '' : `${hex(id)} `)

/** Pieces under one heading that are shown; JSON has them all. */
const MOST = 16

const fateLine = (fate: Fate): string => {
  const { piece, kind, saved, reads, reply } = fate
  const was = saved === undefined ? '' : ` = ${hex(saved)}`
  const came =
    reads !== undefined || kind === 'changed'
      ? ` reads ${reads === undefined ? 'nothing' : hex(reads)}`
      : reply
        ? `: ${reply}`
        : ''
  return `    ${oneLine(`${idOf(piece)}${pieceName(piece)}${was}${came}`)}`
}

/** Also what is changed on A itself, which is no loss between the two. */
const isTold = (kind: FateKind): boolean => isLoss(kind) || kind === 'changed alike'

const lossLines = ({ a, b }: Migration, all: readonly Fate[], kind: FateKind): string[] => {
  const own = all.filter((fate) => fate.kind === kind)
  const groups = underHeadings(own, (fate) => causeInWords(a, b, changesOfFate(a, b, fate)))
  return [
    '',
    fact(kind, grouped(own.length)),
    ...groups.flatMap(([cause, some]) => [
      `  ${cause}`,
      ...some.slice(0, MOST).map(fateLine),
      ...(some.length > MOST ? [`    and ${some.length - MOST} more, which --json has`] : []),
    ]),
    ...[...new Set(own.flatMap(({ rule }) => (rule ? [ruleInWords(rule)] : [])))].map(
      (rule) => `  rule ${oneLine(rule)}`,
    ),
  ]
}

const vmInWords = ({ features, gic, hasIts }: Migration['vm']): string =>
  [
    features.join(' | ') || 'no features',
    gic === undefined ? 'no interrupt controller that both have' : `a GIC${gic}${hasIts ? ' and an ITS' : ''}`,
  ].join('; ')

const namesOf = (all: readonly Fate[], kind: FateKind): string[] => {
  const own = all.filter((fate) => fate.kind === kind)
  return own.length === 0 ? [] : [fact(kind, own.map(({ piece }) => piece.name ?? piece.what).join(', '))]
}

const addedLines = ({ a, b, added }: Migration): string[] => [
  '',
  fact('new', grouped(added.length)),
  ...underHeadings(added, (piece) => causeInWords(a, b, changesOfPiece(a, b, piece))).flatMap(([cause, some]) => [
    `  ${cause}`,
    ...some.slice(0, MOST).map((piece) => `    ${oneLine(`${idOf(piece)}${pieceName(piece)}`)}`),
    ...(some.length > MOST ? [`    and ${some.length - MOST} more, which --json has`] : []),
  ]),
]

const factLines = ({ a, b, facts }: Migration): string[] => {
  const of = (heading: string, some: Migration['facts']) => [
    '',
    fact(heading, grouped(some.length)),
    ...some.map(({ what, a: was, b: is }) => {
      const found = changesOfName(a, b, what)
      const cause = found.length > 0 ? ` [${causeInWords(a, b, found)}]` : ''
      return `  ${oneLine(`${what}: ${was ?? 'absent'} => ${is ?? 'absent'}${cause}`)}`
    }),
  ]
  return [
    ...of(
      'lost',
      facts.filter(({ b: is }) => is === undefined),
    ),
    ...of(
      'otherwise',
      facts.filter(({ a: was, b: is }) => was !== undefined && is !== undefined),
    ),
    ...of(
      'gained',
      facts.filter(({ a: was }) => was === undefined),
    ),
  ]
}

const heldLines = ({ came, findings, goesOn, troubles }: Migration): string[] => [
  ...(came
    ? [
        '',
        fact(
          'held against',
          findings.length === 0 ? 'the host did as was predicted, piece by piece' : grouped(findings.length),
        ),
      ]
    : []),
  ...findings.map(({ piece, says }) => `  ${oneLine(`${idOf(piece)}${pieceName(piece)}: ${says}`)}`),
  ...(goesOn ? [fact('guest', `goes on: ${goesOn.a} where it was, ${goesOn.b} where it is`)] : []),
  ...troubles.map((line) => fact('trouble', line)),
]

const qemuLines = (migration: Migration): string[] => {
  const missing = hiddenRegisters(fates(migration))
  if (missing === undefined) return []
  return [
    '',
    fact('QEMU', `x-mig-safe-missing-regs = "${missing}" where it goes to, which then may lack them,`),
    fact('', `or x-mig-hidden-regs = "${missing}" where it is, which then does not send them`),
  ]
}

/** The text, with a heading and a number for each kind of loss. */
export const migrationText = (migration: Migration): string => {
  const { a, b, vm } = migration
  const all = fates(migration)
  const count = (kind: FateKind) => all.filter((fate) => fate.kind === kind).length
  return [
    fact('from', sideInWords(a)),
    fact('to', sideInWords(b)),
    fact('vcpu', vmInWords(vm)),
    fact('values', a.isTable ? 'of a fresh vcpu, as it was recorded' : 'of a vcpu that ran'),
    fact(
      'restored',
      `${grouped(count('restored'))} of ${grouped(all.length)} pieces${migration.came ? '' : ', as the table says'}`,
    ),
    ...namesOf(all, 'goes on'),
    ...namesOf(all, 'unknown'),
    ...fateKinds.filter(isTold).flatMap((kind) => lossLines(migration, all, kind)),
    ...addedLines(migration),
    ...factLines(migration),
    ...heldLines(migration),
    ...qemuLines(migration),
    '',
  ].join('\n')
}
