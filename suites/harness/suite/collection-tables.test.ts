/** The collections of an ITS are saved in no particular order: another one convicts nobody, other entries do. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import type { Call } from '../../../harness/model/call.ts'
import { translations } from '../../../harness/generate/translations.ts'
import type { Playing } from '../../../harness/model/kernel.ts'
import { judged } from '../../../harness/oracle/judge.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { allLaws } from '../../../harness/suite/declared.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { brokenRules } from '../../../harness/table/errata.ts'
import { boot } from '../../../harness/table/rules.ts'
import type { Defect } from './law-defects/defect.ts'
import { inAnotherOrder, wrongly } from './law-defects/collection-tables.ts'

const host = hostNamed('6.12-max-gicv3')
const { release } = host.kernel
const law = (await allLaws()).find(({ title }) => title.startsWith('what an ITS translates is saved'))!

type Play = (calls: readonly Call[]) => Playing
const playerThat = (breaks: Defect['breaks']): Play => {
  const rules = brokenRules({ breaks }, release)
  return (calls) => ({ answers: answersIn(boot(host, release, rules), calls), outcome: 'done', log: [] })
}
const sequences = fc.sample(translations(), { numRuns: 60, seed: 1 })
const inRandomOrders = (play: Play) => sequences.map((calls) => judged(host, release, calls, play(calls)))

const reorders = playerThat(inAnotherOrder)

describe('entries that come in another order', () => {
  test('are what the law allows', async () => {
    const { verdict, why, trace } = await runLaw(law, {
      host,
      play: async (calls) => reorders(calls),
      close: async () => {},
    })
    expect({ verdict, why, trace }).toMatchObject({ verdict: 'conforms' })
  })
  test('are what the table allows', () => {
    const verdicts = inRandomOrders(reorders).map(({ verdict }) => verdict)
    expect(new Set(verdicts)).toEqual(new Set(['conforms']))
  })
})

test.each(wrongly)('the table does not allow that $is', ({ breaks }) => {
  const convicted = inRandomOrders(playerThat(breaks)).filter(({ verdict }) => verdict === 'violates')
  expect(convicted.map(({ steps }) => steps.at(-1)!.call.ioctl.name)).toContain('ram')
})
