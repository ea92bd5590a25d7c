/** Laws are written without the table; a bug of the release that explains what convicts a kernel is known all the same. */
import { expect, test } from 'vitest'
import { errata } from '../../../fixtures/errata.ts'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { allLaws } from '../../../harness/suite/declared.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { brokenRules } from '../../../harness/table/errata.ts'

const erratum = errata.find(({ commit }) => commit === 'a0e6ae45af17')!
const law = (await allLaws()).find(({ title }) => title.startsWith('a value of GICD_IIDR'))!

/** What the law makes of a kernel with the bug that says it is this release. */
const verdictOn = async (release: string) => {
  const recorded = hostNamed('6.12-max-gicv3')
  const host = { ...recorded, kernel: { ...recorded.kernel, release } }
  const { verdict, why } = await runLaw(law, mock(host, release, brokenRules(erratum, release)))
  return [verdict, why?.slice(0, 12)]
}

test('before the release that has its mend it is known', async () => {
  expect(await verdictOn('6.12.43')).toEqual(['known', 'a0e6ae45af17'])
})

test('from then on it violates', async () => {
  expect((await verdictOn('6.12.107'))[0]).toBe('violates')
})
