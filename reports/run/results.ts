/** results.json: what came of a run as data, for the matrix and for scripts. */
import { printShard } from '../../harness/model/shard.ts'
import type { Folder } from './folder.ts'
import type { Listener } from './listener.ts'
import type { Outcome, Run } from './outcome.ts'
import { tally, type Tally } from './tally.ts'

export const RESULTS = 'results.json'

export interface Results {
  version: 1
  target: string
  host: string
  /** uname -r, and the release whose rules judged. */
  kernel: string
  release: string
  seed: number
  runs: number
  /** Which part of a run this is: `2/5`. */
  shard?: string
  /** Duration without the boot. */
  ms: number
  /** Whether something was not played, and the files that it is in; `run --resume` plays it. */
  incomplete: boolean
  unplayed: string[]
  /** What of the kernel could not be seen, a line each. */
  unseen: readonly string[]
  /** What happened to the target, a line each. */
  notes: readonly string[]
  lists: number
  calls: number
  /** Random sequences by verdict. */
  random: Outcome['counts']
  tally: Tally
  /** Everything that does not conform: why, and the cause, which is the same line for all tests that fail alike. */
  tests: { id: string; verdict: Outcome['verdict']; why?: string; cause?: string; trace?: string }[]
}

/** Writes the file into `to`. */
export const resultsReport = (to: Folder): Listener => {
  let run: Run
  return {
    start: (facts) => {
      run = facts
    },
    write(outcomes, { unplayed, ms, notes }) {
      const { target, host, release, seed, runs, shard, strict, unseen } = run
      const results: Results = {
        version: 1,
        target,
        host: host.name,
        kernel: host.kernel.unameR,
        release,
        seed,
        runs,
        ...(shard && { shard: printShard(shard) }),
        ms,
        incomplete: unplayed.length > 0,
        unplayed: unplayed.map(({ file }) => file),
        unseen,
        notes,
        lists: outcomes.reduce((sum, o) => sum + o.lists, 0),
        calls: outcomes.reduce((sum, o) => sum + o.calls, 0),
        random: outcomes.find((o) => o.counts)?.counts,
        tally: tally(outcomes, strict),
        tests: outcomes
          .filter((o) => o.verdict !== 'conforms')
          .map(({ suite, test, verdict, why, cause, trace }) => ({
            id: `${suite}_${test}`,
            verdict,
            ...(why && { why }),
            ...(cause !== undefined && { cause }),
            ...(trace && verdict !== 'not offered' && { trace }),
          })),
      }
      to.write(RESULTS, `${JSON.stringify(results, null, 1)}\n`)
    },
  }
}
