/**
 * JUnit XML, for what reads nothing else: junit.xml, with the reasons of skips, which vitest's own writer drops. It is
 * as the schema junit-10.xsd of Jenkins' xUnit plugin wants it.
 */
import { printShard } from '../../harness/model/shard.ts'
import type { Verdict } from '../../harness/model/verdict.ts'
import { oneLine, visible } from '../../harness/process/visible.ts'
import type { Folder } from '../run/folder.ts'
import { incompleteness, type Listener, type Unplayed } from '../run/listener.ts'
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { causesFor, causesOf, detailsIn, type Cause } from './causes.ts'
import { tally } from '../run/tally.ts'
import { homeOf } from '../run/verdicts.ts'

export const JUNIT = 'junit.xml'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}

const escape = (text: string, what: RegExp): string => visible(text).replace(what, (c) => entities[c]!)

const content = (text: string): string => escape(text, /[&<>]/g)

const attributes = (of: Record<string, string | number>): string =>
  Object.entries(of)
    .map(([k, v]) => ` ${k}="${escape(String(v), /[&<>"\n\t]/g)}"`)
    .join('')

const element = (name: string, of: Record<string, string | number>, inner: readonly string[] = []): string[] =>
  inner.length === 0
    ? [`<${name}${attributes(of)}/>`]
    : [`<${name}${attributes(of)}>`, ...inner.map((l) => `  ${l}`), `</${name}>`]

const properties = (of: Record<string, string | number | undefined>): string[] =>
  element(
    'properties',
    {},
    Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : element('property', { name, value }))),
  )

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** The indent of an element must not get into a trace, so that an element with text stands on lines of its own. */
const withText = (name: string, of: Record<string, string | number>, text: readonly string[]): string[] =>
  text.length === 0 ? element(name, of) : [`<${name}${attributes(of)}>${content(text.join('\n'))}</${name}>`]

/** What of a test has no place of its own: schemas and readers know no properties of a test case. */
const output = (id: string, verdict: Verdict, details: readonly string[] = []): string[] =>
  withText('system-out', {}, [`id: ${id}`, `verdict: ${verdict}`, ...details])

const testcase = (o: Outcome, causes: ReadonlyMap<string, Cause>, strict: boolean): string[] => {
  const home = homeOf(o.verdict, strict).junit
  const message = oneLine(causesFor(o, causes)[0]?.text ?? o.why ?? o.verdict)
  const details = detailsIn(o, causes)
  return element('testcase', { classname: o.suite, name: oneLine(o.name), time: seconds(o.ms) }, [
    ...(home === 'skipped' ? element(home, { message, type: o.verdict }) : []),
    ...(home === 'failure' || home === 'error' ? withText(home, { message, type: o.verdict }, details) : []),
    ...output(idOf(o), o.verdict, o.verdict === 'drifts' ? details : []),
  ])
}

const counts = (of: readonly Outcome[], unplayed: number, strict: boolean): Record<string, string | number> => {
  const { failed, skipped } = tally(of, strict)
  const errors = of.filter((o) => homeOf(o.verdict, strict).junit === 'error').length
  return {
    tests: of.length + unplayed,
    failures: failed - errors,
    errors: errors + unplayed,
    skipped,
    time: seconds(of.reduce((ms, o) => ms + o.ms, 0)),
  }
}

/** What was not played, as errors: readers know no plan. A file whose tests nobody knows is one. */
const unplayedCases = ({ file, suite, tests }: Unplayed): string[] =>
  (tests ?? [{ test: 'not-loaded', name: file }]).flatMap(({ test, name }) =>
    element('testcase', { classname: suite, name: oneLine(name), time: seconds(0) }, [
      ...element('error', { message: 'not played: the run is incomplete', type: 'broken' }),
      ...output(`${suite}_${test}`, 'broken'),
    ]),
  )

/** The whole report, well-formed whatever bytes are in it; `unplayed` and `notes` as of an Ending. */
export const junit = (
  run: Run,
  outcomes: readonly Outcome[],
  unplayed: readonly Unplayed[] = [],
  notes: readonly string[] = [],
): string => {
  const causes = causesOf(outcomes)
  const suites = new Map<string, { file: string; of: Outcome[]; left: Unplayed[] }>()
  const suite = (name: string, file: string) =>
    suites.get(name) ?? suites.set(name, { file, of: [], left: [] }).get(name)!
  for (const o of outcomes) suite(o.suite, o.file).of.push(o)
  for (const u of unplayed) suite(u.suite, u.file).left.push(u)
  const number = (left: readonly Unplayed[]) => left.reduce((n, { tests }) => n + (tests?.length ?? 1), 0)
  const facts = properties({
    target: run.target,
    host: run.host.name,
    kernel: run.host.kernel.unameR,
    release: run.release,
    seed: run.seed,
    shard: run.shard && printShard(run.shard),
    'cannot see': run.unseen.length > 0 ? run.unseen.join('\n') : undefined,
    incomplete: incompleteness({ unplayed }),
    notes: notes.length > 0 ? notes.join('\n') : undefined,
  })
  const inner = [...suites].flatMap(([name, { file, of, left }]) =>
    element('testsuite', { name, ...counts(of, number(left), run.strict), file }, [
      ...facts,
      ...of.flatMap((o) => testcase(o, causes, run.strict)),
      ...left.flatMap(unplayedCases),
    ]),
  )
  // The schema of Jenkins knows the number of skipped tests of a suite alone.
  const { skipped: _, ...sums } = counts(outcomes, number(unplayed), run.strict)
  const whole = element('testsuites', { name: 'kvm-arm64-abi', ...sums }, inner)
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...whole, ''].join('\n')
}

/** Writes the report into `to`. */
export const junitReport = (to: Folder): Listener => {
  let run: Run
  return {
    start: (facts) => {
      run = facts
    },
    write: (outcomes, { unplayed, notes }) => to.write(JUNIT, junit(run, outcomes, unplayed, notes)),
  }
}
