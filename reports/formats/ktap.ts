/** KTAP version 1, as the kernel's own tests speak it: conformance.ktap, a block for every suite file. */
import { judgedAs } from '../../harness/model/release.ts'
import { printShard } from '../../harness/model/shard.ts'
import { lines, oneLine } from '../../harness/process/visible.ts'
import type { Folder } from '../run/folder.ts'
import { incompleteness, type Listener, type Unplayed } from '../run/listener.ts'
import type { Outcome, Run } from '../run/outcome.ts'
import { causesFor, causesOf, detailsIn, type Cause } from './causes.ts'
import { tally } from '../run/tally.ts'
import { many } from '../run/words.ts'
import { homeOf } from '../run/verdicts.ts'

export const KTAP = 'conformance.ktap'

const diagnostic = (line: string): string => `# ${line.replaceAll('\t', '  ')}`.trimEnd()

const headOf = ({ target, host, release, seed, shard, unseen }: Run): string[] => [
  'KTAP version 1',
  ...[
    `target: ${target}`,
    `host: ${host.name}, Linux ${host.kernel.unameR}`,
    `judged as: ${judgedAs(release)}`,
    `seed: ${seed}`,
    ...(shard ? [`shard: ${printShard(shard)}`] : []),
    ...unseen.map((what) => `cannot see: ${what}`),
  ].map((l) => diagnostic(oneLine(l))),
]

/** A test's lines: what a person needs first, the result last, as KTAP has it. */
const linesOf = (number: number, o: Outcome, causes: ReadonlyMap<string, Cause>, strict: boolean): string[] => {
  const { ok, directive } = homeOf(o.verdict, strict).ktap
  const says = directive && o.why ? ` ${oneLine(o.why)}` : ''
  const text = causesFor(o, causes)[0]?.text
  // Labels and indents, since some readers take `# ok 1` for a result.
  const said =
    text === undefined
      ? []
      : [diagnostic(`${o.verdict}: ${oneLine(text)}`), ...lines(detailsIn(o, causes)).map((l) => diagnostic(`  ${l}`))]
  return [...said, `${ok ? 'ok' : 'not ok'} ${number} ${o.test}${directive ? ` # ${directive}${says}` : ''}`]
}

/**
 * The report. Of a run that is incomplete the plans say how many results were due, so that readers miss those that are
 * not there; a suite that was not played to its end fails. `unplayed` and `notes` as of an Ending.
 */
export const ktap = (
  run: Run,
  outcomes: readonly Outcome[],
  unplayed: readonly Unplayed[] = [],
  notes: readonly string[] = [],
): string => {
  const causes = causesOf(outcomes)
  const suites = new Map<string, Outcome[]>()
  for (const o of outcomes) suites.set(o.suite, [...(suites.get(o.suite) ?? []), o])
  const due = new Set([...suites.keys(), ...unplayed.map((u) => u.suite)]).size
  const incomplete = incompleteness({ unplayed })
  const all = [...headOf(run), ...(incomplete === undefined ? [] : [diagnostic(incomplete)]), `1..${due}`]
  for (const [i, [suite, of]] of [...suites].entries()) {
    const missing = unplayed.find((u) => u.suite === suite)
    // Of a file that was never loaded nobody knows how many tests it has: one at least.
    const left = missing ? (missing.tests?.length ?? 1) : 0
    const inner = [
      'KTAP version 1',
      `# Subtest: ${suite}`,
      `1..${of.length + left}`,
      ...of.flatMap((o, n) => linesOf(n + 1, o, causes, run.strict)),
    ]
    const { exit } = tally(of, run.strict)
    const says =
      left > 0 ? ` # ERROR ${many(left, 'test')} not played` : exit === 4 ? ' # SKIP all of its tests are skipped' : ''
    const result = `${left === 0 && (exit === 0 || exit === 4) ? 'ok' : 'not ok'} ${i + 1} ${suite}${says}`
    all.push(...inner.map((l) => `  ${l}`), result)
  }
  all.push(...notes.map((note) => diagnostic(oneLine(`note: ${note}`))))
  return `${all.join('\n')}\n`
}

/** Writes the report into `to`. */
export const ktapReport = (to: Folder): Listener => {
  let run: Run
  return {
    start: (facts) => {
      run = facts
    },
    write: (outcomes, { unplayed, notes }) => to.write(KTAP, ktap(run, outcomes, unplayed, notes)),
  }
}
