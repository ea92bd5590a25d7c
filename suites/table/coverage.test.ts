/**
 * Every row of the table is at work somewhere: in an ordered sequence, or in calls in any order, on some recorded host.
 */
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { reachedOn } from '../../harness/studies/bench/coverage.ts'
import { rows } from '../../harness/table/rows.ts'
import { cover } from '../../harness/oracle/coverage.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { mock } from '../../harness/oracle/mock.ts'
import type { Kernel } from '../../harness/model/kernel.ts'
import { runSequence } from '../../harness/suite/sequence.ts'

const RUNS = 2000
const SEED = 20190307

test('every row is reached on some recorded host, or says why not, and none says so that is reached', async () => {
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
  expect(
    rows.flatMap(({ id, unseen }) =>
      seen.has(id) === (unseen === undefined)
        ? []
        : [
            unseen === undefined
              ? `${id}: nothing comes to it; write a sequence that does (suites/ordered), or say why none can (unseen)`
              : `${id}: says that it is unseen, and is reached; leave that out`,
          ],
    ),
  ).toEqual([])
  expect(rows.filter(({ unseen }) => unseen !== undefined).length).toBeLessThan(rows.length * 0.05)
})
