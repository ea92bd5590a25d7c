/** Whether what was held during a long run grows. */

/** What somebody holds: mebibytes, descriptors, and whatever else was counted. */
export type Held = Readonly<Record<string, number>>

/** What each role held at one time. */
export interface Sample {
  seconds: number
  held: ReadonlyMap<string, Held>
}

/**
 * What one role holds over the second half of a run: on average, and how much more at its end than at its beginning.
 */
export interface Trend {
  role: string
  what: string
  mean: number
  growth: number
  isFlat: boolean
}

/** Growth in half a run that is no leak: a garbage collector's work comes and goes, and so do a kernel's caches. */
const MOST_GROWTH: Readonly<Record<string, (mean: number) => number>> = {
  mebibytes: (mean) => Math.max(16, mean / 10),
  'kernel MiB': () => 2,
  descriptors: () => 1,
}

/** The line through the points with the least squares: what it rises from the first to the last. */
const rise = (points: readonly [x: number, y: number][]): number => {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [mx, my] = [mean(0), mean(1)]
  const square = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  const slope = square === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / square
  return slope * (points.at(-1)![0] - points[0]![0])
}

/** The trends of the second half. What the first and last tenths hold is of the beginning and the end, and left out. */
export const trends = (samples: readonly Sample[]): Trend[] => {
  const last = samples.at(-1)?.seconds ?? 0
  const half = samples.filter(({ seconds }) => seconds >= last * 0.5 && seconds <= last * 0.95)
  const kinds = new Map<string, Set<string>>()
  for (const { held } of half)
    for (const [role, one] of held) kinds.set(role, new Set([...(kinds.get(role) ?? []), ...Object.keys(one)]))
  return [...kinds].flatMap(([role, whats]) =>
    [...whats].map((what) => {
      const points = half.map(({ seconds, held }): [number, number] => [seconds, held.get(role)?.[what] ?? 0])
      const mean = points.reduce((sum, [, value]) => sum + value, 0) / points.length
      const growth = rise(points)
      return { role, what, mean, growth, isFlat: growth <= MOST_GROWTH[what]!(mean) }
    }),
  )
}
