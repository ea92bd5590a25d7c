/** JUnit XML, for what reads nothing else: junit.xml, with the reasons of skips, which vitest's own writer drops. */
import { oneLine, visible } from '../harness/visible.ts'
import type { Folder } from './folder.ts'
import type { Listener } from './listener.ts'
import type { Outcome, Run } from './outcome.ts'
import { tally } from './tally.ts'
import { homeOf } from './verdicts.ts'

const FILE = 'junit.xml'

const entities: Record<string, string> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;',
}

const escape = (text: string, what: RegExp): string => visible(text).replace(what, (c) => entities[c]!)

const content = (text: string): string => escape(text, /[&<>]/g)

const attributes = (of: Record<string, string | number>): string =>
  Object.entries(of).map(([k, v]) => ` ${k}="${escape(String(v), /[&<>"\n\t]/g)}"`).join('')

const element = (name: string, of: Record<string, string | number>, inner: readonly string[] = []): string[] =>
  inner.length === 0
    ? [`<${name}${attributes(of)}/>`]
    : [`<${name}${attributes(of)}>`, ...inner.map((l) => `  ${l}`), `</${name}>`]

const properties = (of: Record<string, string | number | undefined>): string[] =>
  element('properties', {}, Object.entries(of)
    .flatMap(([name, value]) => (value === undefined ? [] : element('property', { name, value }))))

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** The indent of an element must not get into a trace, so that an element with text stands on lines of its own. */
const withText = (name: string, of: Record<string, string | number>, text: readonly string[]): string[] =>
  text.length === 0 ? element(name, of) : [`<${name}${attributes(of)}>${content(text.join('\n'))}</${name}>`]

const testcase = (o: Outcome, strict: boolean): string[] => {
  const home = homeOf(o.verdict, strict).junit
  const message = oneLine(o.why ?? o.verdict)
  return element('testcase', { classname: o.suite, name: oneLine(o.name), time: seconds(o.ms) }, [
    ...properties({
      id: `${o.suite}_${o.test}`, verdict: o.verdict,
      ...(o.verdict === 'drifts' && { drift: o.details.join('\n') }), ...(o.verdict === 'known' && { erratum: o.why }),
    }),
    ...(home === 'skipped' ? element(home, { message }) : []),
    ...(home === 'failure' || home === 'error' ? withText(home, { message, type: o.verdict }, o.details) : []),
  ])
}

const counts = (of: readonly Outcome[], strict: boolean): Record<string, string | number> => {
  const { failed, skipped, verdicts } = tally(of, strict)
  return {
    tests: of.length, failures: failed - verdicts.broken, errors: verdicts.broken, skipped,
    time: seconds(of.reduce((ms, o) => ms + o.ms, 0)),
  }
}

/** The whole report, well-formed whatever bytes are in it; `unplayed` and `notes` as of an Ending. */
export const junit = (run: Run, outcomes: readonly Outcome[], unplayed?: number, notes: readonly string[] = []): string => {
  const suites = new Map<string, Outcome[]>()
  for (const o of outcomes) suites.set(o.suite, [...(suites.get(o.suite) ?? []), o])
  const facts = properties({
    target: run.target, host: run.host.name, kernel: run.host.kernel.unameR, release: run.release, seed: run.seed,
    'files not played to the end': unplayed, notes: notes.length > 0 ? notes.join('\n') : undefined,
  })
  const inner = [...suites].flatMap(([suite, of]) =>
    element('testsuite', { name: suite, ...counts(of, run.strict), file: of[0]!.file },
      [...facts, ...of.flatMap((o) => testcase(o, run.strict))]))
  const whole = element('testsuites', { name: 'kvm-arm64-abi', ...counts(outcomes, run.strict) }, inner)
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...whole, ''].join('\n')
}

/** Writes the report into `to`, where an earlier one is removed at once. */
export const junitReport = (to: Folder): Listener => {
  let run: Run
  to.remove(FILE)
  return {
    start: (facts) => { run = facts },
    end: (outcomes, { interrupted, unplayed, notes }) =>
      to.write(FILE, junit(run, outcomes, interrupted ? unplayed : undefined, notes)),
  }
}
