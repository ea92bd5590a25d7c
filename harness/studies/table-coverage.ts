/** Which rows of the table a recorded host comes to: what is to be seen on a kernel like that. */
import type { Host } from '../model/host.ts'
import { holdsIn } from '../model/release.ts'
import { cover } from '../oracle/coverage.ts'
import { mock } from '../oracle/mock.ts'
import { runSequence, type Sequence } from '../suite/sequence.ts'
import { withCreations } from '../table/creations.ts'
import { endsAt, type Example } from './examples/example.ts'

/**
 * How often each row, by its id, decides where the sequences, and the examples of all rows by their ids, are played on
 * the mock of `host`.
 */
export const tableCoverage = async (
  host: Host,
  sequences: readonly Sequence[],
  examples: ReadonlyMap<string, Example>,
): Promise<Map<string, number>> => {
  const { release } = host.kernel
  const seen = new Map<string, number>()
  const inner = mock(host)
  const kernel = {
    ...inner,
    play: async (calls: Parameters<typeof inner.play>[0]) => {
      const playing = await inner.play(calls)
      cover(seen, host, release, calls, playing.answers)
      return playing
    },
  }
  for (const one of sequences) if (holdsIn(release, one)) await runSequence(one, { kernel, release })
  for (const [id, { steps }] of examples) {
    const isReached =
      endsAt(
        host,
        withCreations(steps).map(({ call }) => call),
      ) === id
    if (isReached) seen.set(id, (seen.get(id) ?? 0) + 1)
  }
  return seen
}
