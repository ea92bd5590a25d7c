/** Every sequence agrees with the table on every recorded host, or that host is not offered it. */
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { mock } from '../../harness/oracle/mock.ts'
import { runSequence } from '../../harness/suite/sequence.ts'

test.each(hostNames)('%s', async (name) => {
  const host = hostNamed(name)
  const subject = { kernel: mock(host), release: host.kernel.release }
  const wrong: string[] = []
  for (const one of await allSequences()) {
    const { verdict, why } = await runSequence(one, subject)
    if (verdict !== 'conforms' && verdict !== 'not offered') wrong.push(`${one.title}: ${verdict}, ${why}`)
  }
  expect(wrong).toEqual([])
})
