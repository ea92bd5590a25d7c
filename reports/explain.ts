/** One failing test as a person reads it: what, where, the trace, what was allowed, and how to see it again. */
import type { Outcome, Run } from './outcome.ts'
import { visible } from './text.ts'

/** The command that plays one test again, and nothing else. */
const again = ({ suite, test }: Outcome, { target, seed }: Run, runs: number | undefined): string =>
  `node harness/bin.js run --target ${/^[\w:.,=/-]+$/.test(target) ? target : `'${target.replaceAll('\'', String.raw`'\''`)}'`} ` +
  `--seed ${seed}${runs === undefined ? '' : ` --runs ${runs}`} --only ${suite}_${test}`

/** A failure, complete, lines without a newline at their end. `runs`: random sequences asked for, where that matters. */
export const explain = (outcome: Outcome, run: Run, runs?: number): string[] => {
  const { verdict, file, name, why, details } = outcome
  return [
    `${verdict}: ${file} > ${visible(name)}`,
    ...(why && details[0] !== why ? [`  ${visible(why)}`] : []),
    ...details.map((l) => `    ${visible(l)}`),
    `  again: ${again(outcome, run, outcome.layer === 'any order' ? runs : undefined)}`,
    '',
  ]
}
