/** How the playing of a list ended, whatever was answered in it: one judgement for sequences, laws and the oracle. */
import type { Call, Step } from '../model/call.ts'
import type { Playing } from '../model/kernel.ts'
import { faultLines } from '../model/kernel-log.ts'

/**
 * The kernel log complains, in these lines; or the list was not played to its end. `why`: one line on what happened.
 */
export type BadEnding =
  { verdict: 'violates'; why: string; log: string[] } | { verdict: 'broken'; why: string; log?: string[] }

/** What is wrong with the ending of a list; undefined where it was done and the kernel log has no complaint. */
export const badEndingOf = ({ outcome, why, log }: Pick<Playing, 'outcome' | 'why' | 'log'>): BadEnding | undefined => {
  const cut = `${outcome}${why ? `: ${why}` : ''}`
  const faults = faultLines(log)
  if (faults.length > 0)
    return { verdict: 'violates', why: `the kernel log complains${outcome === 'done' ? '' : `; ${cut}`}`, log: faults }
  return outcome === 'done' ? undefined : { verdict: 'broken', why: cut, ...(log.length > 0 && { log: [...log] }) }
}

/** What the trace says of the first call without an answer. */
const unanswered: Record<Playing['outcome'], string> = {
  done: 'not played',
  hung: 'did not return',
  died: 'the process ended here',
  lost: 'no answer from here on',
}

/** The steps, and the call that did not return; where the agent was lost, all that may have been made. */
export const withUnanswered = (calls: readonly Call[], steps: readonly Step[], outcome: Playing['outcome']): Step[] => {
  const missing = calls.slice(steps.length, outcome === 'lost' ? undefined : steps.length + 1)
  return [...steps, ...missing.map((call, i) => (i === 0 ? { call, comment: unanswered[outcome] } : { call }))]
}
