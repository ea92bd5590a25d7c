/** Questions about rules of the table that changed between two measured releases: the shortest known trace for each. */
import bookTraces from '../../fixtures/book-traces.json' with { type: 'json' }
import { abi } from '../../harness/abi/index.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { branchOf, measured, reached, type Release } from '../../harness/model/release.ts'
import { deciding } from '../../harness/oracle/coverage.ts'
import { answersIn } from '../../harness/oracle/mock.ts'
import { turns, type Turn } from '../../harness/oracle/turns.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { stepsOf } from '../../harness/suite/sequence-text.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { parse } from '../../harness/table/notation.ts'
import type { Row } from '../../harness/table/rows.ts'
import { boot } from '../../harness/table/rules.ts'
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

/** Where two releases part ways in a list: the first call that they answer differently, and the newer one's rule. */
const partingOf = (host: Host, older: Release, newer: Release, calls: readonly Call[]): Parted | undefined => {
  const worlds = [boot(host, older), boot(host, newer)] as const
  const [left, right] = worlds.map((world) => turns(world, calls)) as [Generator<Turn>, Generator<Turn>]
  for (let at = 0; ; at++) {
    const [was, is] = [left.next().value as Turn | undefined, right.next().value as Turn | undefined]
    if (!was || !is || isVague(was) || isVague(is)) return undefined
    if (!differ(is.answer, was.answer)) continue
    const row = deciding(worlds[1], is.call, is.table) ?? deciding(worlds[0], was.call, was.table)
    return row && { at, having: is.answer, lacking: was.answer, row }
  }
}

const isMeasured = (release: Release): boolean => measured.some((branch) => branch === branchOf(release))

/** Whether the row is dated by more than the branches that were measured. */
const isDatedExactly = ({ since, until }: Row): boolean =>
  [since ?? [], until ?? []].flat().some((release) => !measured.some((branch) => branch === release))

/**
 * By what the table answers in that release. Between two branches that were measured it does so where both answer alike, or
 * the row says more of its date.
 */
const hadBy = (host: Host, calls: readonly Call[], { having, lacking, row }: Parted): ReleaseQuestion['isHad'] => {
  const had = new Map<Release, boolean | undefined>()
  const isHadIn = (release: Release): boolean | undefined => {
    if (!had.has(release)) {
      const answer = answersIn(boot(host, release), calls).at(-1)!
      had.set(release, !differ(answer, having) ? true : !differ(answer, lacking) ? false : undefined)
    }
    return had.get(release)
  }
  return (release) => {
    const next = measured.find((branch) => !reached(release, branch))
    const isTold = isMeasured(release) || next === undefined || isDatedExactly(row)
    return isTold || isHadIn(release) === isHadIn(next) ? isHadIn(release) : undefined
  }
}

/** The rules that changed between neighbours among the measured releases, each with its shortest question. */
export const ruleQuestions = async (host: Host): Promise<ReleaseQuestion[]> => {
  const lists = await knownLists()
  return measured.slice(1).flatMap((newer, i) => {
    const older = measured[i]!
    const best = new Map<string, ReleaseQuestion>()
    for (const list of lists) {
      const parting = partingOf(host, older, newer, list)
      const known = parting && best.get(parting.row.id)
      if (!parting || (known && known.calls.length <= parting.at + 1)) continue
      const { at, having, lacking, row } = parting
      best.set(row.id, {
        about: { title: row.id, since: isDatedExactly(row) ? (row.since ?? newer) : newer },
        calls: list.slice(0, at + 1),
        having,
        lacking,
        isHad: hadBy(host, list.slice(0, at + 1), parting),
      })
    }
    return [...best.values()]
  })
}
