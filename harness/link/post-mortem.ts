/** What is known of an agent's end: what its link heard, and what its stream can find out afterwards. */
import type { AgentStream, Death } from './agent-link.ts'

const withoutPriority = (line: string) => line.replace(/^\d+,/, '')

/**
 * Gives the whole story. `heard`: kernel log lines that came through the link since `since` (ms since 1970); the same
 * line may be seen elsewhere, too. One that was closed by this side is not looked at any further.
 */
export const postMortem = async (
  { name, postMortem: look }: AgentStream,
  since: number,
  heard: readonly string[],
  { why, ...how }: Omit<Death, 'log'>,
): Promise<Death> => {
  const found = how.isClosed
    ? undefined
    : await look?.(since).catch((error: Error) => ({ why: error.message, log: [] as string[] }))
  const known = new Set(heard.map(withoutPriority))
  const seen = (found?.log ?? []).filter((line) => !known.has(withoutPriority(line)))
  return { why: `${name}: ${found?.why ?? why}`, log: [...heard, ...seen], ...how }
}
