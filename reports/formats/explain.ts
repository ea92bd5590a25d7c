/** One failing test as a person reads it: what, where, the trace, what was allowed, and how to see it again. */
import { defaults } from '../../harness/model/settings.ts'
import { lines, oneLine } from '../../harness/process/visible.ts'
import type { Outcome, Run } from '../run/outcome.ts'

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
    ...(layer === 'harness' || layer === 'table' ? ['--everything'] : []),
    '--only',
    isOutside ? file : `${suite}_${test}`,
  ].join(' ')

/** A failure, complete, lines without a newline at their end. */
export const explain = (outcome: Outcome, run: Run): string[] => {
  const { verdict, file, name, why, details } = outcome
  return [
    `${verdict}: ${file} > ${oneLine(name)}`,
    ...(why && details[0] !== why ? [`  ${oneLine(why)}`] : []),
    ...lines(details).map((l) => `    ${l}`.trimEnd()),
    ...(file.startsWith('suites/') ? [`  again: ${oneLine(again(outcome, run))}`] : []),
    '',
  ]
}
