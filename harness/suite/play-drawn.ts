/** Draws random sequences and plays them, many under way at a time. */
import fc from 'fast-check'
import type { Call } from '../model/call.ts'

/** Lists under way at a time: enough to keep two guests busy. */
const WINDOW = 64

/**
 * Draws sequences as they are wanted, WINDOW under way at a time, so that millions need no memory: `runs` of those of
 * the seed, from number `first` on. That number is a path to shrink, and given as `run`.
 */
export const playDrawn = async (
  arbitrary: fc.Arbitrary<readonly Call[]>,
  { first, runs, seed }: { first: number; runs: number; seed: number },
  one: (run: number, calls: readonly Call[]) => Promise<void>,
): Promise<void> => {
  let next = first,
    flying = 0
  let failure: { error: unknown } | undefined
  let landed = () => {}
  const fewerThan = async (most: number) => {
    while (flying >= most)
      await new Promise<void>((resolve) => {
        landed = resolve
      })
  }
  await fc.check(
    fc.asyncProperty(arbitrary, async (calls) => {
      flying++
      one(next++, calls)
        .catch((error) => {
          failure ??= { error }
        })
        .finally(() => {
          flying--
          landed()
        })
      await fewerThan(WINDOW)
      return failure === undefined
    }),
    { seed, path: String(first), numRuns: runs, endOnFailure: true },
  )
  await fewerThan(1)
  if (failure) throw failure.error
}
