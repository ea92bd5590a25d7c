/** A kernel behind an agent. */
import type { Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { toAnswers, toOps } from '../link/ops.ts'
import { print } from '../table/notation.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import type { Played } from '../link/lines.ts'

/** Anything that plays ops, which say `trace`: a pool, or the share of a pool. See Pool for both ways. */
export interface OpsPlayer {
  play(ops: string, deadlineMs: number, trace?: string): Promise<Played>
  again(ops: string, deadlineMs: number, trace?: string): Promise<Played>
}

/**
 * Milliseconds a list may take: the slowest seen take 200 in an emulated guest, and one that is late is played again.
 */
const DEADLINE = 3000

/** Plays calls through agents. Rejects where an agent did not understand a line, which is the suite's fault. */
export const remote = (host: Host, player: OpsPlayer): Kernel => {
  const toPlaying = (calls: readonly Call[], played: Played): Playing => {
    const { outcome, log, why, isCounted } = played
    if (outcome === 'bad') throw new Error(`the agent does not understand: ${why} in: ${toOps(calls, host)}`)
    return {
      answers: toAnswers(calls, played),
      outcome,
      log,
      ...(isCounted && { isCounted }),
      ...(why !== undefined && { why }),
    }
  }
  const trace = (calls: readonly Call[]) => print(calls.map((call) => ({ call })))
  return {
    host,
    play: async (calls) => toPlaying(calls, await player.play(toOps(calls, host), DEADLINE, trace(calls))),
    again: async (calls) => toPlaying(calls, await player.again(toOps(calls, host), DEADLINE, trace(calls))),
    close: async () => {},
  }
}
