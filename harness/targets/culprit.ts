/**
 * Which of the lists under way took an agent down? Answers come in batches: the first unanswered one need not be it.
 */
import type { AgentLink } from '../link/agent-link.ts'
import type { Played } from '../link/lines.ts'
import { isFatal } from '../model/kernel-log.ts'
import type { Job } from './job.ts'

/** What was under way when an agent was lost, in order, and what the link said of the first. */
export interface Loss {
  suspects: Job[]
  played: Played
}

/** What the search leaves: whether the agent may be used further, and the lists that still need an answer. */
export interface SearchResult {
  isUsable: boolean
  left: Job[]
}

const isGuilty = (played: Played): boolean => played.outcome === 'lost' || played.log.some(isFatal)

/**
 * Plays the suspects one at a time on a fresh agent. The one that takes this agent down as well is the one that is
 * lost; where none does, the first stays lost, so that no loss goes unreported. Exactly one list is lost for one loss.
 */
export const findCulprit = async (link: AgentLink, { suspects, played }: Loss): Promise<SearchResult> => {
  const [first, ...left] = suspects
  if (!first) return { isUsable: true, left }
  const stays = {
    ...played,
    why: `${played.why}; the first of ${suspects.length} lists under way; played alone, none of them does it again`,
  }
  try {
    const answer = await link.play(first.ops, first.deadlineMs)
    if (isGuilty(answer)) {
      first.resolve(answer)
      return { isUsable: false, left }
    }
    for (let job; (job = left[0]);) {
      const again = await link.play(job.ops, job.deadlineMs)
      left.shift()
      job.resolve(again)
      if (!isGuilty(again)) continue
      first.resolve(answer)
      return { isUsable: false, left }
    }
  } catch {
    // Closed, or ended between two lists: that proves nothing about those left.
    first.resolve(stays)
    return { isUsable: false, left }
  }
  first.resolve(stays)
  return { isUsable: true, left }
}
