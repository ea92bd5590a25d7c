/** Lists that are played again have more time, since the host may have been too slow for them. */
import type { OpsList } from './job.ts'

const TIMES = 10

/** Signals of ours come later. */
const patient = (ops: string): string =>
  ops.replace(/(^| )t,(\d+)/g, (_, space, ms) => `${space}t,${Number(ms) * TIMES}`)

/**
 * The same list with ten times its time. Where time is counted in instructions, signals of ours come as they did: a
 * guest that spins until one comes would take a busy host many minutes.
 */
export const withMoreTime = <List extends OpsList>(list: List, isCounted: boolean): List => ({
  ...list,
  ops: isCounted ? list.ops : patient(list.ops),
  deadlineMs: list.deadlineMs * TIMES,
})
