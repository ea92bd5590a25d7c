// Which of the lists under way took the agent down? Answers come in batches: the first unanswered one need not be it.
import { isFatal } from '../model/kernel-log.ts'
import type { AgentLink } from '../link/agent-link.ts'
import type { Played } from '../link/lines.ts'

/** A list of ops; `trace`: what they say in the notation, where whoever asks knows. */
export interface OpsList {
  ops: string
  deadlineMs: number
  trace?: string
}

/** A list that somebody waits for. */
export interface Job extends OpsList {
  /** It is played again, alone. */
  isAgain: boolean
  resolve: (played: Played) => void
  reject: (error: Error) => void
}

/** What was under way when an agent was lost, in order, and what the link said of the first. */
export interface Loss {
  suspects: Job[]
  played: Played
}

/** What a trial leaves: whether the agent may be used further, and the lists that still need an answer. */
export interface TrialResult {
  usable: boolean
  left: Job[]
}

/**
 * Plays the suspects one at a time on a fresh agent. The one that takes this agent down as well is the one that is
 * lost; where none does, the first stays lost, so that no loss goes unreported. Exactly one list is lost for one loss.
 */
export const tryOneByOne = async (link: AgentLink, { suspects, played }: Loss): Promise<TrialResult> => {
  const [first, ...left] = suspects
  if (!first) return { usable: true, left }
  const stays = {
    ...played,
    why: `${played.why}; the first of ${suspects.length} lists under way, and none does it again alone`,
  }
  try {
    const answer = await link.play(first.ops, first.deadlineMs)
    const guilty = (again: Played) => again.outcome === 'lost' || again.log.some(isFatal)
    if (guilty(answer)) {
      first.resolve(answer)
      return { usable: false, left }
    }
    for (let job; (job = left[0]);) {
      const again = await link.play(job.ops, job.deadlineMs)
      left.shift()
      job.resolve(again)
      if (!guilty(again)) continue
      first.resolve(answer)
      return { usable: false, left }
    }
  } catch {
    // Closed, or ended between two lists: that proves nothing about those left.
    first.resolve(stays)
    return { usable: false, left }
  }
  first.resolve(stays)
  return { usable: true, left }
}
