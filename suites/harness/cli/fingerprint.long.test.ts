/** `fingerprint` of real kernels: each answers like its own release, which it is not asked for. */
import { expect, test } from 'vitest'
import { measured, reached } from '../../../harness/model/release.ts'
import { openSide } from '../../../reports/diff/side.ts'
import { candidates } from '../../../reports/fingerprint/candidates.ts'
import { fingerprintOf } from '../../../reports/fingerprint/fingerprint.ts'
import { skipWithout } from '../skip-without.ts'

test.for(measured)('%s', { timeout: 600_000 }, async (branch, context) => {
  skipWithout(context, 'qemu-system-aarch64')
  const side = await openSide(`qemu:${branch}`)
  try {
    const { like, deviations } = await fingerprintOf({ ...side, release: measured[0] })
    expect(deviations.map(({ question }) => question.about)).toEqual([])
    const next = candidates[candidates.indexOf(like.at(-1)!) + 1]
    expect(reached(side.release, like[0]!), like.join()).toBe(true)
    expect(next !== undefined && reached(side.release, next), like.join()).toBe(false)
  } finally {
    await side.close()
  }
})
