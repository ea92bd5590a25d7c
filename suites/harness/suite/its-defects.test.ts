/** Sequences about an ITS convict a kernel with a defect of their subject, and no other. */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { allSequences } from '../../../harness/suite/declared.ts'
import { runSequence } from '../../../harness/suite/sequence.ts'
import { brokenRules } from '../../../harness/table/errata.ts'
import { itsDefects } from './its-defects.ts'

const sequences = await allSequences()

describe.each(itsDefects)('$is', ({ sequence: title, host: name = '6.12-max-gicv3', breaks }) => {
  const sequence = sequences.find((one) => one.title.startsWith(title))!
  const host = hostNamed(name)
  const { release } = host.kernel
  test('a sound kernel conforms', async () => {
    expect(await runSequence(sequence, { kernel: mock(host), release })).toMatchObject({ verdict: 'conforms' })
  })
  test('is convicted', async () => {
    const kernel = mock(host, release, brokenRules({ breaks }, release))
    expect(await runSequence(sequence, { kernel, release })).toMatchObject({ verdict: 'violates' })
  })
})
