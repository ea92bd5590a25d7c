/** What a test that draws many lists says of all that it found. */
import type { Counterexample } from './verdict.ts'

/** Causes that are told; more would only say the same again. */
export const MOST_CAUSES = 5

/** What failed alike of many lists. */
export type Alike = Counterexample & Required<Pick<Counterexample, 'alike'>>

const told = <T extends Alike>(one: T, runs: number): T => {
  const { times, why } = one.alike
  // What broke as a whole is of no list, and what is known is so in the words of whoever knows it.
  return times === 0 || one.verdict === 'known'
    ? one
    : { ...one, why: `${one.verdict}, ${times} of ${runs} sequences${why ? `: ${why}` : ''}` }
}

/**
 * Of all that was found in `runs` lists: one failure to begin with, what violates before all else, and the others as
 * `more`, `most` of them told. Undefined where nothing was found.
 */
export const worstOf = <T extends Alike>(
  found: readonly T[],
  runs: number,
  most = MOST_CAUSES,
): (T & { more?: Counterexample[] }) | undefined => {
  const [worst, ...others] = found
    .toSorted((a, b) => Number(b.verdict === 'violates') - Number(a.verdict === 'violates'))
    .map((one) => told(one, runs))
  if (!worst) return undefined
  const kept = others.slice(0, most - 1)
  const over = others.length - kept.length
  if (kept.length === 0 && over === 0) return worst
  return { ...worst, more: over > 0 ? [...kept, { verdict: worst.verdict, why: `and ${over} causes more` }] : kept }
}
