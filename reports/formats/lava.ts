/** A run as LAVA's test definitions hand in results: a line for each test, its id and pass, fail or skip. */
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'

const results = { passed: 'pass', failed: 'fail', skipped: 'skip' } as const

/** The lines of a result file; a suite that was not played to its end has one of its own, which fails. */
export const lavaResults = (run: Run, outcomes: readonly Outcome[], unplayed: readonly string[]): string =>
  [
    ...outcomes.map((o) => `${idOf(o)} ${results[homeOf(o.verdict, run.strict).counts]}\n`),
    ...unplayed.map((suite) => `${suite}.not-played fail\n`),
  ].join('')
