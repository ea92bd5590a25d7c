/** Which of several kernels, in their order, is the first on which a test ends otherwise than on the first of them. */
import type { Verdict } from '../model/verdict.ts'

/** How each test ended on one kernel, by its id; absent where nothing can be told of the kernel. */
export type Verdicts = ReadonlyMap<string, Verdict>

/** A kernel of which nothing can be told, and why. */
export interface Untold {
  why: string
}

export interface Bisected {
  /** The first kernel on which something is otherwise, by its place; absent where nothing ever is. */
  first?: number
  /** Those before it of which nothing can be told: it may be one of them. */
  untold: number[]
  /** Tests that end otherwise on it than on the first kernel. */
  changed: string[]
}

/** Verdicts that say nothing of the kernel. */
const SAYS_NOTHING: readonly Verdict[] = ['broken', 'not reproduced']

/** Tests that both kernels tell of, and that end otherwise on the second. */
export const changedTests = (before: Verdicts, after: Verdicts): string[] =>
  [...before].flatMap(([test, was]) => {
    const is = after.get(test)
    return is === undefined || is === was || SAYS_NOTHING.includes(was) || SAYS_NOTHING.includes(is) ? [] : [test]
  })

/** The nearest to the middle between two places of which something can be told; undefined where there is none. */
const between = async (
  good: number,
  bad: number,
  ask: (at: number) => Promise<Verdicts | Untold>,
): Promise<{ at: number; verdicts: Verdicts } | undefined> => {
  const middle = (good + bad) >> 1
  const places = Array.from({ length: bad - good - 1 }, (_, i) => good + 1 + i)
  for (const at of places.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
    const verdicts = await ask(at)
    if (!('why' in verdicts)) return { at, verdicts }
  }
  return undefined
}

/**
 * Bisects `count` kernels, as git bisect does: a change is taken to stay. `ask` plays the tests on one of them, once
 * for each. Rejects where nothing can be told of the first or the last.
 */
export const bisect = async (count: number, ask: (at: number) => Promise<Verdicts | Untold>): Promise<Bisected> => {
  const known = new Map<number, Promise<Verdicts | Untold>>()
  const once = (at: number): Promise<Verdicts | Untold> => {
    if (!known.has(at)) known.set(at, ask(at))
    return known.get(at)!
  }
  const told = async (at: number): Promise<Verdicts> => {
    const verdicts = await once(at)
    if ('why' in verdicts) throw new CannotTell(at, verdicts.why)
    return verdicts
  }
  const before = await told(0)
  const last = changedTests(before, await told(count - 1))
  if (last.length === 0) return { untold: [], changed: [] }
  let [good, bad] = [0, count - 1]
  let changed = last
  for (let next = await between(good, bad, once); next; next = await between(good, bad, once)) {
    const here = changedTests(before, next.verdicts).filter((test) => last.includes(test))
    if (here.length === 0) good = next.at
    else {
      bad = next.at
      changed = here
    }
  }
  return { first: bad, untold: Array.from({ length: bad - good - 1 }, (_, i) => good + 1 + i), changed }
}

/** Nothing can be told of a kernel that has to be known. */
export class CannotTell extends Error {
  readonly at: number
  constructor(at: number, why: string) {
    super(why)
    this.at = at
  }
}
