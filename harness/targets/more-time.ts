/** Lists that are played again have more time, since the host may have been too slow for them. */
import type { OpsList } from './job.ts'

const TIMES = 10
const EARLIER = 8

const withSignals = (ops: string, after: (ms: number) => number): string =>
  ops.replace(/(^| )t,(\d+)/g, (_, space, ms) => `${space}t,${after(Number(ms))}`)

/**
 * The same list with ten times its time. Where time is counted in instructions, signals of ours come earlier: no host
 * is too slow for what returns by itself, and a guest that spins until one comes would take a busy host many minutes.
 */
export const withMoreTime = <List extends OpsList>(list: List, isCounted: boolean): List => ({
  ...list,
  ops: withSignals(list.ops, (ms) => (isCounted ? Math.ceil(ms / EARLIER) : ms * TIMES)),
  deadlineMs: list.deadlineMs * TIMES,
})
