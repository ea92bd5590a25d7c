/** How much of each file was reached, and what was not, function by function. */
import type { Counts, CountedLine } from './gcov.ts'

/** How many there are, and how many of them were reached. */
export interface Share {
  of: number
  reached: number
}

/** The lines of one function that nothing reached; `because`: the reason, where fixtures/unreached.ts has one. */
export interface Unreached {
  function: string
  lines: number[]
  because?: string
}

export interface ReachedFile {
  file: string
  lines: Share
  branches: Share
  /** In the order of the file. */
  unreached: Unreached[]
}

const share = (counts: readonly number[]): Share => ({
  of: counts.length,
  reached: counts.filter((count) => count > 0).length,
})

/** A line that was compiled into several functions is one line. */
const byNumber = (lines: readonly CountedLine[]): Map<number, number> => {
  const counts = new Map<number, number>()
  for (const { number, count } of lines) counts.set(number, (counts.get(number) ?? 0) + count)
  return counts
}

/** The reason of each `FILE: FUNCTION` that has one. */
export type Reasons = ReadonlyMap<string, string>

/** `reasons` as fixtures/unreached.ts has them: names by reason. */
export const reasonsBy = (reasons: Readonly<Record<string, readonly string[]>>): Reasons =>
  new Map(Object.entries(reasons).flatMap(([because, names]) => names.map((name) => [name, because])))

/** What was counted in a file. */
export const reachedIn = (file: string, counts: Counts, reasons: Reasons): ReachedFile => {
  const all = [...counts.values()].toSorted((a, b) => a.number - b.number)
  const lines = byNumber(all)
  const unreached = new Map<string, number[]>()
  for (const { number, function: name } of all)
    if (lines.get(number) === 0 && !unreached.get(name)?.includes(number))
      unreached.set(name, [...(unreached.get(name) ?? []), number])
  return {
    file,
    lines: share([...lines.values()]),
    branches: share(all.flatMap(({ branches }) => branches)),
    unreached: [...unreached].map(([name, numbers]) => {
      const because = reasons.get(`${file}: ${name}`)
      return { function: name, lines: numbers, ...(because !== undefined && { because }) }
    }),
  }
}

/** The sum of all. */
export const total = (shares: readonly Share[]): Share => ({
  of: shares.reduce((sum, one) => sum + one.of, 0),
  reached: shares.reduce((sum, one) => sum + one.reached, 0),
})

/** Reasons that nothing needs any more: all of the function was reached, or it is not there. */
export const staleReasons = (reached: readonly ReachedFile[], reasons: Reasons): string[] => {
  const needed = new Set(reached.flatMap(({ file, unreached }) => unreached.map((one) => `${file}: ${one.function}`)))
  return [...reasons.keys()].filter((name) => !needed.has(name))
}
