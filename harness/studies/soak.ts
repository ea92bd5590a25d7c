/** What the processes of a long run hold, looked at from outside, and whether it grows. */
import { readFileSync, readdirSync } from 'node:fs'
import { descendantsOf } from '../process/children.ts'

/** What the processes of one role hold together. */
export interface Held {
  mebibytes: number
  descriptors: number
}
export interface Sample {
  seconds: number
  held: Map<string, Held>
}

/**
 * What one role holds over the second half of a run: on average, and how much more at its end than at its beginning.
 */
export interface Trend {
  role: string
  what: keyof Held
  mean: number
  growth: number
  isFlat: boolean
}

const PAGE = 4096
/** Growth in half a run that is no leak: a garbage collector's work comes and goes. */
const MOST_GROWTH = { mebibytes: (mean: number) => Math.max(16, mean / 10), descriptors: () => 1 }

const roleOf = (name: string): string =>
  name.startsWith('qemu-') ? 'QEMU' : name === 'node' || name === 'MainThread' ? 'test processes' : 'others'

/** What the process and all that it has started hold now; no others are there once it has ended. */
export const sampleOf = (pid: number, seconds: number): Sample => {
  const held = new Map<string, Held>()
  const add = (id: number, role: string): void => {
    try {
      const mebibytes = (Number(readFileSync(`/proc/${id}/statm`, 'latin1').split(' ')[1]) * PAGE) / 2 ** 20
      const descriptors = readdirSync(`/proc/${id}/fd`).length
      const sum = held.get(role) ?? { mebibytes: 0, descriptors: 0 }
      held.set(role, { mebibytes: sum.mebibytes + mebibytes, descriptors: sum.descriptors + descriptors })
    } catch {
      // It has just ended.
    }
  }
  add(pid, 'main process')
  for (const child of descendantsOf(pid)) add(child.pid, roleOf(child.name))
  return { seconds, held }
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
  const roles = [...new Set(half.flatMap(({ held }) => [...held.keys()]))]
  return roles.flatMap((role) =>
    (['mebibytes', 'descriptors'] as const).map((what) => {
      const points = half.map(({ seconds, held }): [number, number] => [seconds, held.get(role)?.[what] ?? 0])
      const mean = points.reduce((sum, [, value]) => sum + value, 0) / points.length
      const growth = rise(points)
      return { role, what, mean, growth, isFlat: growth <= MOST_GROWTH[what](mean) }
    }),
  )
}
