/** A run as LAVA's test definitions hand in results: a line for each test, its id and pass, fail or skip. */
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'

const results = { passed: 'pass', failed: 'fail', skipped: 'skip' } as const

/** What a test case of LAVA says of it. */
export const resultOf = ({ verdict }: Outcome, { strict }: Run): 'pass' | 'fail' | 'skip' =>
  results[homeOf(verdict, strict).counts]

/** The lines of a result file; a suite that was not played to its end has one of its own, which fails. */
export const lavaResults = (run: Run, outcomes: readonly Outcome[], unplayed: readonly string[]): string =>
  [
    ...outcomes.map((o) => `${idOf(o)} ${resultOf(o, run)}\n`),
    ...unplayed.map((suite) => `${suite}.not-played fail\n`),
  ].join('')
