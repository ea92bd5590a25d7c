/**
 * Every law of a dialect can fail: on a kernel that forgets one of the dialect's rules or answers another errno, or on
 * one with a defect of law-defects/.
 */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { dialects, ioctlsIn, speaking } from '../../harness/dialects/index.ts'
import type { Host } from '../../harness/model/host.ts'
import { mock } from '../../harness/oracle/mock.ts'
import { gather } from '../../harness/studies/mutants/evidence.ts'
import { canTell, notices } from '../../harness/studies/mutants/hunt.ts'
import { mutantsOf } from '../../harness/studies/mutants/mutate.ts'
import { runLaw } from '../../harness/suite/law.ts'
import { brokenRules } from '../../harness/table/errata.ts'
import type { Law } from '../../harness/model/law.ts'
import { ofCreateVm2 } from './law-defects/create-vm2.ts'
import { ofDevReg } from './law-defects/dev-reg.ts'
import { ofFinalize } from './law-defects/finalize.ts'
import { ofOneReg } from './law-defects/one-reg.ts'
import { ofPhysShift } from './law-defects/phys-shift.ts'
import { ofSetDeviceAddress } from './law-defects/set-device-address.ts'
import { ofSme } from './law-defects/sme.ts'

const defects = [
  ...ofCreateVm2,
  ...ofDevReg,
  ...ofFinalize,
  ...ofOneReg,
  ...ofPhysShift,
  ...ofSetDeviceAddress,
  ...ofSme,
]

/** The first rule of the dialect whose loss the law notices. */
const noticed = async (law: Law, host: Host): Promise<string | undefined> => {
  const evidence = await gather(host, { sequences: [], laws: [law], runs: 1, seed: 1 })
  for (const mutant of mutantsOf(host).filter(({ kind }) => kind !== 'swapped'))
    if (canTell('laws', evidence, mutant) && (await notices('laws', evidence, mutant))) return mutant.name
  return undefined
}

test('every defect is for one law', () => {
  const titles = (name: string) => dialects.find((dialect) => dialect.name === name)?.laws?.map(({ title }) => title)
  const lost = defects.filter(({ dialect, law }) => titles(dialect)?.filter((t) => t.startsWith(law)).length !== 1)
  expect(lost.map(({ dialect, law }) => `${dialect}: ${law}`)).toEqual([])
})

describe.each(dialects.filter(({ laws = [] }) => laws.length > 0).map((dialect) => [dialect.name, dialect] as const))(
  '%s',
  (name, dialect) => {
    const host = speaking(hostNamed(dialect.host), dialect)
    const { release } = host.kernel
    test.each(dialect.laws ?? [])('$title', async (law) => {
      const own = defects.filter((defect) => defect.dialect === name && law.title.startsWith(defect.law))
      for (const defect of own) {
        const rules = brokenRules(defect, release, ioctlsIn(dialect))
        expect((await runLaw(law, mock(host, release, rules))).verdict, defect.is).toBe('violates')
      }
      if (own.length === 0) expect(await noticed(law, host)).toBeDefined()
    })
  },
)
