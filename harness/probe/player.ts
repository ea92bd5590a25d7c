/** Asking a target a list of calls, where every list is known to come back. */
import type { Answer, Call } from '../call.ts'
import { Complaint } from '../complaint.ts'
import type { Host } from '../host.ts'
import type { Greeting, Played } from '../kernels/link.ts'
import { toAnswers, toOps } from '../ops.ts'
import { parse } from '../trace.ts'

/** An agent, or a pool of them. */
export interface Player {
  greeting: Greeting
  play(ops: string, deadlineMs: number): Promise<Played>
}

const DEADLINE = 20_000

/** Calls read from lines of the notation. */
export const lines = (...text: string[]): Call[] => parse(text.join('\n'), 'probe').map(({ call }) => call)

/** Plays ops. Throws a Complaint where they did not all come back. */
export const ask = async (player: Player, ops: string): Promise<Played['answers']> => {
  const { outcome, answers, why } = await player.play(ops, DEADLINE)
  if (outcome !== 'done') throw new Complaint(`the target cannot be recorded: it ${outcome === 'hung' ? 'hung' : `is ${outcome}`}${why ? ` (${why})` : ''}`)
  return answers
}

/** Plays calls of which none needs to know the host: every KVM_ARM_VCPU_INIT names its target. */
export const askCalls = async (player: Player, calls: readonly Call[]): Promise<Answer[]> =>
  toAnswers(calls, { answers: await ask(player, toOps(calls, {} as Host)) })
