/** The PMUs of perf that a host gives to its guests. */
import { PMU_TYPES, type Host } from '../model/host.ts'
import { vmType } from './machine.ts'
import { askCalls, lines, type ProbeSession } from './player.ts'

/** Types that one list of calls has room for. */
const AT_ONCE = 80

/** The numbers that KVM_ARM_VCPU_PMU_V3_SET_PMU takes; none where a vcpu cannot have a PMU, or is given one unasked. */
export const probePmus = async (
  session: ProbeSession,
  machine: Pick<Host, 'caps' | 'features' | 'preferredTarget'>,
): Promise<number[]> => {
  if (!machine.features.includes('KVM_ARM_VCPU_PMU_V3')) return []
  const before = lines(
    `KVM_CREATE_VM(${vmType(machine)})`,
    'KVM_CREATE_VCPU(0)',
    `KVM_ARM_VCPU_INIT(target = ${machine.preferredTarget}, features[] = KVM_ARM_VCPU_PMU_V3)`,
  )
  const types = Array.from({ length: PMU_TYPES }, (_, type) => type)
  const found: number[] = []
  for (let from = 0; from < PMU_TYPES; from += AT_ONCE) {
    const some = types.slice(from, from + AT_ONCE)
    const set = (type: number) =>
      `vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &${type})`
    const answers = (await askCalls(session, [...before, ...lines(...some.map(set))])).slice(before.length)
    found.push(...some.filter((_, i) => (answers[i]?.ret ?? -1) >= 0))
  }
  return found
}
