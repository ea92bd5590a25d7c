/**
 * KTAP version 1, as the kernel's own tests speak it: conformance.ktap, a block for every suite file.
 * While the run goes on, conformance.ktap.partial holds what came so far, flat, in the order it came.
 */
import { judgedAs } from '../harness/release.ts'
import { lines, oneLine } from '../harness/visible.ts'
import type { Folder } from './folder.ts'
import type { Listener } from './listener.ts'
import type { Outcome, Run } from './outcome.ts'
import { tally } from './tally.ts'
import { many } from './text.ts'
import { homeOf } from './verdicts.ts'

const FILE = 'conformance.ktap'

const diagnostic = (line: string): string => `# ${line.replaceAll('\t', '  ')}`.trimEnd()

const headOf = ({ target, host, release, seed }: Run): string[] => [
  'KTAP version 1',
  ...[`target: ${target}`, `host: ${host.name}, Linux ${host.kernel.unameR}`, `judged as: ${judgedAs(release)}`, `seed: ${seed}`]
    .map((l) => diagnostic(oneLine(l))),
]

/** A test's lines: what a person needs first, the result last, as KTAP has it. */
const linesOf = (number: number, id: string, { verdict, why, details }: Outcome, strict: boolean): string[] => {
  const { ok, directive } = homeOf(verdict, strict).ktap
  const says = directive && why ? ` ${oneLine(why)}` : ''
  // Labels and indents, since some readers take `# ok 1` for a result.
  const said = verdict === 'conforms' || verdict === 'not offered' ? [] : [
    diagnostic(`${verdict}${why ? `: ${oneLine(why)}` : ''}`),
    ...lines(details[0] === why ? details.slice(1) : details).map((l) => diagnostic(`  ${l}`)),
  ]
  return [...said, `${ok ? 'ok' : 'not ok'} ${number} ${id}${directive ? ` # ${directive}${says}` : ''}`]
}

/**
 * The whole report. `unplayed`: how many files an interruption cut short, undefined where there was none; `notes`: what
 * befell the target.
 */
export const ktap = (run: Run, outcomes: readonly Outcome[], unplayed?: number, notes: readonly string[] = []): string => {
  const suites = new Map<string, Outcome[]>()
  for (const o of outcomes) suites.set(o.suite, [...(suites.get(o.suite) ?? []), o])
  const all = [...headOf(run), `1..${suites.size}`]
  for (const [i, [suite, of]] of [...suites].entries()) {
    const inner = [
      'KTAP version 1', `# Subtest: ${suite}`, `1..${of.length}`,
      ...of.flatMap((o, n) => linesOf(n + 1, o.test, o, run.strict)),
    ]
    const { exit } = tally(of, run.strict)
    const result = `${exit === 0 || exit === 4 ? 'ok' : 'not ok'} ${i + 1} ${suite}${exit === 4 ? ' # SKIP every test of it' : ''}`
    all.push(...inner.map((l) => `  ${l}`), result)
  }
  all.push(...notes.map((note) => diagnostic(oneLine(`note: ${note}`))))
  if (unplayed !== undefined) all.push(`Bail out! interrupted, ${many(unplayed, 'file')} not played to the end`)
  return `${all.join('\n')}\n`
}

/** Writes the report into `to`, where an earlier one is removed at once. */
export const ktapReport = (to: Folder): Listener => {
  let run: Run
  let number = 0
  to.remove(FILE)
  to.remove(`${FILE}.partial`)
  return {
    start: (facts) => {
      run = facts
      to.append(`${FILE}.partial`, `${headOf(run).join('\n')}\n`)
    },
    result: (o) =>
      to.append(`${FILE}.partial`, `${linesOf(++number, `${o.suite}_${o.test}`, o, run.strict).join('\n')}\n`),
    end: (outcomes, { interrupted, unplayed, notes }) => {
      to.write(FILE, ktap(run, outcomes, interrupted ? unplayed : undefined, notes))
      to.remove(`${FILE}.partial`)
    },
  }
}
