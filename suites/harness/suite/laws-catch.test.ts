/** Every law can fail: each is tried on a kernel with one defect of its kind, and on the same kernel without. */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import type { Kernel } from '../../../harness/model/kernel.ts'
import { answersIn, mock } from '../../../harness/oracle/mock.ts'
import { allLaws } from '../../../harness/suite/declared.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { brokenRules } from '../../../harness/table/errata.ts'
import { boot } from '../../../harness/table/rules.ts'
import { ofAnyCall } from './law-defects/any-call.ts'
import { ofAttributes } from './law-defects/attributes.ts'
import type { Defect } from './law-defects/defect.ts'
import { ofDevices } from './law-defects/devices.ts'
import { ofVgicRegisters } from './law-defects/vgic-registers.ts'
import { ofPastBugs, ofRegisters } from './law-defects/registers.ts'
import { ofRecording } from './law-defects/recording.ts'
import { ofEventfds } from './law-defects/eventfds.ts'
import { ofDeviceLevels } from './law-defects/device-levels.ts'
import { ofHypercalls } from './law-defects/hypercalls.ts'
import { ofIts } from './law-defects/its.ts'
import { ofKvmRun } from './law-defects/kvm-run.ts'
import { ofVcpuStates } from './law-defects/vcpu-states.ts'
import { ofVcpus } from './law-defects/vcpus.ts'
import { ofVms } from './law-defects/vms.ts'

const defects = [
  ...ofRecording,
  ...ofVms,
  ...ofEventfds,
  ...ofVcpus,
  ...ofRegisters,
  ...ofPastBugs,
  ...ofDevices,
  ...ofAttributes,
  ...ofVgicRegisters,
  ...ofHypercalls,
  ...ofDeviceLevels,
  ...ofIts,
  ...ofKvmRun,
  ...ofVcpuStates,
  ...ofAnyCall,
]
const laws = await allLaws()

/** The mock of a host whose rules are broken so. */
const broken = ({ host: name, breaks, recorded = (sound) => sound }: Defect): Kernel => {
  const host = recorded(hostNamed(name))
  const { release } = host.kernel
  const rules = brokenRules({ breaks }, release)
  return {
    host,
    play: async (calls) => ({ answers: answersIn(boot(host, release, rules), calls), outcome: 'done', log: [] }),
    close: async () => {},
  }
}

test('every law has a defect, and every defect a law', () => {
  const lawsOf = ({ law }: Defect) => laws.filter(({ title }) => title.startsWith(law))
  expect(defects.filter((defect) => lawsOf(defect).length !== 1).map(({ law }) => law)).toEqual([])
  expect(laws.map(({ title }) => title).filter((title) => !defects.some(({ law }) => title.startsWith(law)))).toEqual(
    [],
  )
})

describe.each(defects)('$law', (defect) => {
  const law = laws.find(({ title }) => title.startsWith(defect.law))!
  test('holds on a sound kernel', async () => {
    const { verdict, why, trace, allowed } = await runLaw(law, mock(hostNamed(defect.host)))
    expect({ verdict, why, trace, allowed }).toMatchObject({ verdict: 'conforms' })
  })
  test(`catches that ${defect.is}`, async () => {
    const { verdict, why, trace, allowed } = await runLaw(law, broken(defect))
    expect({ verdict, why }).toMatchObject({ verdict: 'violates' })
    expect(trace).not.toBe('')
    expect(allowed).toHaveLength(1)
  })
})
