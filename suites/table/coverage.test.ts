/** Every row of the table is at work somewhere: in an ordered sequence, or in calls in any order, on some recorded host. */
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { unseen } from '../../fixtures/unseen.ts'
import { reachedOn } from '../../harness/studies/bench/coverage.ts'
import { rows } from '../../harness/table/rows.ts'
import { cover } from '../../harness/oracle/coverage.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { mock } from '../../harness/oracle/mock.ts'
import type { Kernel } from '../../harness/model/kernel.ts'
import { runSequence } from '../../harness/suite/sequence.ts'

const RUNS = 2000
const SEED = 20190307

test('every row is reached on some recorded host, or stands in fixtures/unseen.ts, and nothing stands there that is reached', async () => {
  const seen = new Map<string, number>()
  const sequences = await allSequences()
  for (const name of hostNames) {
    const host = hostNamed(name)
    const { release } = host.kernel
    const sound = mock(host)
    const kernel: Kernel = {
      ...sound,
      async play(calls) {
        const playing = await sound.play(calls)
        cover(seen, host, release, calls, playing.answers)
        return playing
      },
    }
    for (const one of sequences) await runSequence(one, { kernel, release })
    reachedOn(host, RUNS, SEED, seen)
  }
  expect(rows.filter(({ id }) => !seen.has(id)).map(({ id }) => id)).toEqual(
    rows.filter(({ id }) => id in unseen).map(({ id }) => id),
  )
  expect(Object.keys(unseen).filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  expect(Object.keys(unseen).length).toBeLessThan(rows.length * 0.05)
})
