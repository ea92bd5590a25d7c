/** Shards of a run as their folders have them, made of outcomes. */
import { join } from 'node:path'
import { reportsOf } from '../../../harness/run/reports.ts'
import { shardedTest, testsOfShard } from '../../../harness/run/sharding.ts'
import type { FoundTest } from '../../../harness/run/suites.ts'
import type { Shard } from '../../../harness/model/shard.ts'
import type { Screen } from '../../../reports/formats/screen.ts'
import { ANSWERS } from '../../../reports/run/answers.ts'
import { appendPlayed } from '../../../reports/run/played.ts'
import { folder } from '../../../reports/run/folder.ts'
import type { Outcome } from '../../../reports/run/outcome.ts'
import { run } from '../reports/sample-run.ts'

/** Where nobody reads. */
export const pipe: Screen = { write: () => {}, isTTY: false, hasColours: false, columns: 80 }

/** What of a run is otherwise than usual; `of`: outcomes that are not there, as if it was killed before. */
export interface Odd {
  seed?: number
  commit?: string
  kernel?: string
  killedBefore?: number
}

/** A test of the run, and what comes of it on a shard; without one, in a run that has none. */
export interface Played {
  test: Pick<FoundTest, 'file' | 'names' | 'isDivided'>
  outcomeOn: (shard?: Shard) => Outcome
}

/** Writes the reports of a shard of a run with those tests, or of the whole run, into a folder. */
export const writeShard = (
  path: string,
  all: readonly Played[],
  shard?: Shard,
  { seed = run.seed, commit = 'c0ffee', kernel = run.host.kernel.unameR, killedBefore = Infinity }: Odd = {},
): void => {
  const asked = { target: run.target, seed, runs: run.runs, strict: run.strict, include: ['suites/**/*.test.ts'] }
  const tests = all.map(({ test }) => shardedTest(test))
  const head = {
    run: `run-${shard?.index ?? 0}`,
    asked: { ...asked, ...(shard && { shard }) },
    suite: { version: '0.1.0', commit },
    ...(shard && { tests }),
  }
  const own = shard ? testsOfShard(tests, shard, run.runs) : tests
  const outcomes = all
    .filter(({ test }) => own.some(({ file, names }) => file === test.file && names.join() === test.names.join()))
    .slice(0, killedBefore)
    .map(({ outcomeOn }) => outcomeOn(shard))
  const listeners = reportsOf(folder(path, pipe.write), pipe, head)
  const host = { ...run.host, kernel: { ...run.host.kernel, unameR: kernel } }
  for (const listener of listeners) listener.start?.({ ...run, seed, host, ...(shard && { shard }) })
  for (const outcome of outcomes) {
    const { suite, name: test } = outcome
    const playing = { answers: [], outcome: 'done' as const, log: [] }
    appendPlayed(join(path, ANSWERS), head.run, { suite, test, calls: [], playing })
    for (const listener of listeners) listener.result?.(outcome)
  }
  const ending = { interrupted: false, unplayed: [], ms: 10, notes: [] }
  for (const listener of listeners) listener.write?.(outcomes, ending)
  if (killedBefore === Infinity) for (const listener of listeners) void listener.end?.(outcomes, ending)
}
