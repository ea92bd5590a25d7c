/** traces/: what failed as files that `kvm-arm64-abi replay` plays again, one for each cause. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Counterexample } from '../../harness/model/verdict.ts'
import { oneLine } from '../../harness/process/visible.ts'
import type { Folder } from '../run/folder.ts'
import type { Listener } from '../run/listener.ts'
import { detailsOf, type Outcome, type Run } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'

export const TRACES = 'traces'

const textOf = ({ trace, why, ...rest }: Counterexample, { host, release, seed }: Run): string =>
  [
    `# ${oneLine(host.name)}, Linux ${host.kernel.release} judged as ${release}, seed ${seed}`,
    trace,
    ...[...(why ? [why] : []), ...detailsOf(rest)].map((line) => `# ${oneLine(line)}`),
    '',
  ].join('\n')

/** What has a file of its own, in the order of the files. */
const shownIn = ({ counterexamples = [] }: Outcome): Counterexample[] => counterexamples.filter(({ trace }) => trace)

const nameOf = ({ suite, test }: Outcome, n: number): string =>
  `${TRACES}/${suite}_${test}${n === 0 ? '' : `-${n + 1}`}.trace`

/** The file that a trace of the test is in, below the folder of the reports; undefined where there is none. */
export const fileOfTrace = (outcome: Outcome, trace: string): string | undefined => {
  const n = shownIn(outcome).findIndex((one) => one.trace === trace)
  return n < 0 ? undefined : nameOf(outcome, n)
}

/** Writes a file for each failure that has a trace, as soon as it is known. */
export const tracesReport = (to: Folder): Listener => {
  let run: Run
  return {
    start(facts) {
      run = facts
      to.remove(TRACES)
    },
    result(outcome) {
      if (homeOf(outcome.verdict, run.strict).counts !== 'failed') return
      for (const [n, one] of shownIn(outcome).entries()) {
        to.attempt(TRACES, () => mkdirSync(join(to.path, TRACES), { recursive: true }))
        to.write(nameOf(outcome, n), textOf(one, run))
      }
    },
  }
}
