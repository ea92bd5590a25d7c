/** A kernel behind an agent. */
import type { Call } from '../call.ts'
import type { Host } from '../host.ts'
import { toAnswers, toOps } from '../ops.ts'
import type { Kernel, Playing } from './kernel.ts'
import type { Played } from './link.ts'

/** Anything that plays ops: a link, a pool, or the share of a pool. */
export interface Player { play(ops: string, deadlineMs: number): Promise<Played> }

/** Milliseconds a list may take: the slowest seen take 200 in an emulated guest. */
export const DEADLINE = 10_000

/**
 * Plays calls through agents. Rejects where an agent did not understand a line, which is the suite's fault, or could not even
 * open /dev/kvm.
 */
export const remote = (host: Host, player: Player): Kernel => ({
  host,
  async play(calls: readonly Call[]): Promise<Playing> {
    const ops = toOps(calls, host)
    const played = await player.play(ops, DEADLINE)
    if (played.outcome === 'bad') throw new Error(`the agent does not understand: ${played.why} in: play X ${DEADLINE} ${ops}`)
    return {
      answers: toAnswers(calls, played), outcome: played.outcome, log: played.log,
      ...(played.outcome === 'hung' ? { why: `no answer within ${DEADLINE / 1000} s` } : played.why !== undefined && { why: played.why }),
    }
  },
  close: async () => {},
})
