/** The shards of a run as one run: its reports, its exit code. What a shard did not play is broken. */
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { Screen } from '../../reports/formats/screen.ts'
import { ANSWERS } from '../../reports/run/answers.ts'
import { wholeOf } from '../../reports/run/divided.ts'
import { lockFolder } from '../../reports/run/folder-lock.ts'
import { idsOfRun, suiteId, testId } from '../../reports/run/ids.ts'
import { mergedAnswersReport } from '../../reports/run/merged-answers.ts'
import { byFile, idOf, layerOf, type Outcome, type Run } from '../../reports/run/outcome.ts'
import type { ShardedTest } from '../../reports/run/record.ts'
import { tally } from '../../reports/run/tally.ts'
import { many } from '../../reports/run/words.ts'
import { printShard, runsOfShard } from '../model/shard.ts'
import { UserError } from '../process/user-error.ts'
import { openFolder, beginReports, reportsOfOutcomes } from './reports.ts'
import { ownersOf } from './sharding.ts'
import { readShards, type PlayedShard, type Shards } from './shards.ts'

const keyOf = ({ file, names }: ShardedTest): string => JSON.stringify([file, names])

/** Why a shard has no outcome for a test that was its to play. */
const lossOf = (shard: PlayedShard | undefined, index: number, of: number): string => {
  const name = `shard ${printShard({ index, of })} is lost`
  return shard ? `${name}: its run ended before this was played` : `${name}: there is no run of it`
}

/** The outcome of what was not played; `runs`: so many random sequences were due. */
const lost = ({ file, names }: ShardedTest, why: string, runs: number): Outcome => ({
  suite: suiteId(file),
  test: testId(names),
  file,
  name: names.join(' > '),
  names: [...names],
  layer: layerOf(file),
  verdict: 'broken',
  why,
  cause: why,
  details: [],
  begun: Date.now(),
  ms: 0,
  lists: 0,
  calls: 0,
  ...(runs > 0 && { counts: { broken: runs } }),
})

/** The outcomes of all tests, those of the divided ones made whole, and what happened outside of any. */
const outcomesOf = ({ played, of, tests }: Shards, runs: number): Outcome[] => {
  const told = new Map(
    [...played].map(([index, { record }]) => [
      index,
      new Map(record.outcomes.filter((o) => !o.isOutside).map((o) => [keyOf(o), o])),
    ]),
  )
  const owners = ownersOf(tests, of, runs)
  const whole = tests.map((test, i): Outcome => {
    const parts = owners[i]!.map((index): Outcome => {
      const own = told.get(index)?.get(keyOf(test))
      const share = test.isDivided ? runsOfShard({ index, of }, runs).runs : 0
      return own ?? lost(test, lossOf(played.get(index), index, of), share)
    })
    return test.isDivided ? wholeOf(parts, runs) : parts[0]!
  })
  const ids = idsOfRun()
  for (const o of whole) ids.claim(idOf(o), `${o.file} > ${o.name}`)
  const outside = [...played].flatMap(([index, { record }]) =>
    record.outcomes
      .filter((o) => o.isOutside)
      .map((o): Outcome => {
        const { id } = ids.claim(idOf(o), `${o.file} > ${o.name} of shard ${index}`)
        return { ...o, test: id.slice(o.suite.length + 1) }
      }),
  )
  return [...whole, ...outside].toSorted(byFile)
}

const isWhole = ({ played, of }: Shards): boolean =>
  played.size === of && [...played.values()].every(({ record }) => record.isComplete)

/**
 * Makes one run of the shards in these folders, in the folder `reports`. Gives the exit code, which is that of one run.
 * Throws a UserError where they are not shards of one run, or `reports` is one of them.
 */
export const merge = async (folders: readonly string[], reports: string, screen: Screen): Promise<number> => {
  const shards = await readShards(folders)
  const all = [...shards.played.values()].toSorted((a, b) => a.shard.index - b.shard.index)
  if (all.some(({ folder }) => resolve(folder) === resolve(reports)))
    throw new UserError(`--reports ${reports}: this is a shard, which must stay; choose another folder`)
  const { record, header } = all[0]!
  const { shard: _, ...asked } = record.asked
  const to = openFolder(reports, screen)
  const owned = await lockFolder(reports)
  try {
    const outcomes = outcomesOf(shards, asked.runs)
    const run: Run = {
      ...asked,
      host: header.host,
      release: header.release,
      unseen: [...new Set(all.flatMap((one) => one.header.unseen))],
      suite: record.suite,
      ...(header.qemu && { qemu: header.qemu }),
    }
    const head = { run: randomBytes(6).toString('hex'), asked, suite: record.suite }
    const answers = all.map(({ folder }) => join(folder, ANSWERS))
    const ending = {
      interrupted: false,
      unplayed: [],
      ms: all.reduce((ms, one) => ms + one.record.ms, 0),
      notes: [
        `merged from ${many(all.length, 'shard')} of ${shards.of}`,
        ...shards.empty,
        ...new Set(all.flatMap((one) => one.record.notes)),
      ],
    }
    beginReports(to)
    const listeners = [
      mergedAnswersReport(to, head.run, answers, isWhole(shards)),
      ...reportsOfOutcomes(to, screen, head),
    ]
    for (const listener of listeners) listener.start?.(run)
    for (const outcome of outcomes) for (const listener of listeners) listener.result?.(outcome)
    for (const listener of listeners) listener.write?.(outcomes, ending)
    for (const listener of listeners) await listener.end?.(outcomes, ending)
    const { exit } = tally(outcomes, asked.strict)
    return exit !== 1 && to.trouble !== undefined ? 2 : exit
  } finally {
    owned.release()
  }
}
