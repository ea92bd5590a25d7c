/** What went wrong as a person reads it: the cause, its trace, what was allowed, the tests, and how to see it again. */
import { defaults } from '../../harness/model/settings.ts'
import { lines, oneLine } from '../../harness/process/visible.ts'
import type { Outcome, Run } from '../run/outcome.ts'
import { grouped, many } from '../run/words.ts'
import type { Cause } from './causes.ts'
import { painted, wrapped, type Screen } from './screen.ts'

const quoted = (text: string): string =>
  /^[\w:.,=/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The command that plays one test again, and nothing else; what is usual is left out. */
const again = (
  { suite, test, layer, file, isOutside }: Outcome,
  { target, seed, runs, strict, release, host }: Run,
): string =>
  [
    'node harness/bin.js run',
    ...(target === defaults.target ? [] : ['--target', quoted(target)]),
    ...(seed === defaults.seed ? [] : ['--seed', seed]),
    ...(layer !== 'any order' || runs === defaults.runs ? [] : ['--runs', runs]),
    ...(release === host.kernel.release ? [] : ['--release', release]),
    ...(strict ? ['--strict'] : []),
    ...(layer === 'harness' || layer === 'table' ? [file.endsWith('.long.test.ts') ? '--long' : '--everything'] : []),
    '--only',
    isOutside ? file : `${suite}_${test}`,
  ].join(' ')

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

/** A cause, complete, lines without a newline at their end. */
export const explain = (cause: Cause, run: Run, screen: Screen): string[] => {
  const { verdict, text, why, details, shown } = cause
  const [head, ...rest] = wrapped(screen, `${verdict}: ${oneLine(text)}`, 2)
  return [
    painted(screen, verdict, head!),
    ...rest,
    ...(why ? wrapped(screen, `  ${oneLine(why)}`, 2) : []),
    ...lines(details).flatMap((l) => (isProse(l) ? wrapped(screen, `    ${l}`, 6) : [`    ${l}`.trimEnd()])),
    ...testLines(screen, cause),
    ...(shown.file.startsWith('suites/') ? [`  again: ${oneLine(again(shown, run))}`] : []),
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
