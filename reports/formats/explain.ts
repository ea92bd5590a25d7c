/** What went wrong as a person reads it: the cause, its trace, what was allowed, the tests, and how to see it again. */
import { join } from 'node:path'
import { defaults } from '../../harness/model/settings.ts'
import { lines, oneLine } from '../../harness/process/visible.ts'
import { placeOfAllowed } from '../../harness/table/rule-place.ts'
import { ALLOWED, type Outcome, type Run } from '../run/outcome.ts'
import { grouped, many } from '../run/words.ts'
import type { Cause } from './causes.ts'
import { painted, wrapped, type Screen } from './screen.ts'
import { fileOfTrace } from './traces.ts'

const quoted = (text: string): string =>
  /^[\w:.,=/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Options that say on what, and by which rules; what is usual is left out. */
const options = ({ target, strict, release, host }: Run): string[] => [
  ...(target === defaults.target ? [] : ['--target', quoted(target)]),
  ...(release === host.kernel.release ? [] : ['--release', release]),
  ...(strict ? ['--strict'] : []),
]

/** The command that plays one test again, and nothing else. */
const runAgain = ({ suite, test, layer, file, isOutside }: Outcome, run: Run): string =>
  [
    'node harness/bin.js run',
    ...options(run),
    ...(run.seed === defaults.seed ? [] : ['--seed', run.seed]),
    ...(layer !== 'any order' || run.runs === defaults.runs ? [] : ['--runs', run.runs]),
    ...(layer === 'harness' || layer === 'table' ? [file.endsWith('.long.test.ts') ? '--long' : '--everything'] : []),
    '--only',
    isOutside ? file : `${suite}_${test}`,
  ].join(' ')

/**
 * The command that shows the cause again: `replay` of its trace, which is the shortest. What a law demands the table
 * may not, and what is broken has nothing to be replayed: there it is the test.
 */
const again = ({ shown, trace, verdict }: Cause, run: Run, reports: string): string => {
  const file = trace === undefined ? undefined : fileOfTrace(shown, trace)
  const isOfTable = shown.layer === 'sequence' || shown.layer === 'any order'
  return file === undefined || !isOfTable || verdict === 'broken'
    ? runAgain(shown, run)
    : ['node harness/bin.js replay', ...options(run), quoted(join(reports, file))].join(' ')
}

/** Where the rule stands by which the last answer of the trace is wrong. */
const ruleLine = ({ details, trace }: Cause): string[] => {
  const [, ioctl] = /\b(KVM_\w+|close|ioctl)\b[^\n]*$/.exec(trace ?? '') ?? []
  const [allowed] = details.flatMap((line) => (line.startsWith(ALLOWED) ? [line.slice(ALLOWED.length)] : []))
  if (ioctl === undefined || allowed === undefined) return []
  const place = placeOfAllowed(ioctl, allowed)
  return place === undefined ? [] : [`  rule: ${place}`]
}

/** Tests of one cause that are named; the reports name them all. */
const MOST_TESTS = 8

const nameOf = ({ file, name }: Outcome): string => `${file} > ${oneLine(name)}`

/** The tests that failed of one cause, that with the trace first. */
const testLines = (screen: Screen, { shown, tests }: Cause): string[] => {
  if (tests.length === 1) return wrapped(screen, `  in ${nameOf(shown)}`, 5)
  const named = [shown, ...tests.filter((test) => test !== shown)].slice(0, MOST_TESTS)
  const more = tests.length - named.length
  return [
    `  in ${many(tests.length, 'test')}:`,
    ...named.flatMap((test) => wrapped(screen, `    ${nameOf(test)}`, 6)),
    ...(more > 0 ? [`    and ${grouped(more)} more`] : []),
  ]
}

/** What is no line of a trace: sentences, which may be broken to fit. */
const isProse = (line: string): boolean => /^(allowed here|kernel log): /.test(line)

/** A cause, complete, lines without a newline at their end; `reports`: the folder of the run. */
export const explain = (cause: Cause, run: Run, screen: Screen, reports: string): string[] => {
  const { verdict, text, why, details, shown } = cause
  const [head, ...rest] = wrapped(screen, `${verdict}: ${oneLine(text)}`, 2)
  return [
    painted(screen, verdict, head!),
    ...rest,
    ...(why ? wrapped(screen, `  ${oneLine(why)}`, 2) : []),
    ...lines(details).flatMap((l) => (isProse(l) ? wrapped(screen, `    ${l}`, 6) : [`    ${l}`.trimEnd()])),
    ...testLines(screen, cause),
    ...ruleLine(cause),
    ...(shown.file.startsWith('suites/') ? [`  again: ${oneLine(again(cause, run, reports))}`] : []),
    '',
  ]
}

/** The same as soon as it is known: where, and what; with file and line where the cause leaves them out. */
export const announce = ({ verdict, text, why, shown }: Cause, screen: Screen): string[] => {
  const [head, ...rest] = wrapped(screen, `${verdict}: ${nameOf(shown)}`, 2)
  return [
    painted(screen, verdict, head!),
    ...rest,
    ...wrapped(screen, `  ${oneLine(why?.endsWith(text) ? why : text)}`, 2),
  ]
}
