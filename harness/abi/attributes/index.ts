/** What vcpus and VMs can be told, group by group. VMs have attributes from 6.12 on, and none that can be read. */
import { vcpuGroups, vmGroups } from '../../names/index.ts'
import type { Attributes } from '../vgic/attributes.ts'
import { unknown } from './attributes.ts'
import { getPmuAttr, givesPmuAttr, hasPmuAttr, isUntried, setPmuAttr, setsPmuAttr } from './pmu.ts'
import { getPvtime, givesPvtime, hasPvtime, setPvtime, setsPvtime } from './pvtime.ts'
import { hasSmccc, setSmccc, setsSmccc } from './smccc-filter.ts'
import { getTimer, givesTimer, hasTimer, setsTimer, setTimer } from './timer.ts'

const { KVM_ARM_VCPU_PMU_V3_CTRL: PMU, KVM_ARM_VCPU_TIMER_CTRL: TIMER, KVM_ARM_VCPU_PVTIME_CTRL: PVTIME } = vcpuGroups

const otherGroup = (groups: Readonly<Record<string, number>>) => ({
  ...unknown((_, { group }) => !Object.values(groups).includes(group)),
  of: { group: 'other groups' },
})
const ofVcpus = otherGroup(vcpuGroups)
const ofVms = otherGroup(vmGroups)

export const vcpu: Attributes = {
  on: ['vcpu'],
  set: [...setPmuAttr, ...setTimer, ...setPvtime, ofVcpus],
  get: [...getPmuAttr, ...getTimer, ...getPvtime, ofVcpus],
  has: [...hasPmuAttr, ...hasTimer, ...hasPvtime, ofVcpus],
  sets(here, arg) {
    if (arg.group === PMU) setsPmuAttr(here, arg)
    if (arg.group === TIMER) setsTimer(here, arg)
    if (arg.group === PVTIME) setsPvtime(here, arg)
  },
  gives(here, arg) {
    if (arg.group === PMU) return givesPmuAttr(here)
    return arg.group === TIMER ? givesTimer(here, arg) : givesPvtime(here)
  },
  isGuess: (here, arg, verb) => verb === 'set' && isUntried(here, arg),
}

export const vm: Attributes = {
  on: ['vm'],
  set: [...setSmccc, ofVms],
  get: [],
  has: [...hasSmccc, ofVms],
  sets: setsSmccc,
  gives: () => undefined,
}
