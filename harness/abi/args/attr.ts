/** An attribute of a device, a vcpu or a VM, and the size of its value. */
import { faults, type BadPointer } from '../../model/pointer.ts'
import { structs } from '../../names/index.ts'
import { pmuAttrs, smcccAttrs, vcpuGroups, vgicGroups, vmGroups } from '../../names/index.ts'

/**
 * `on`: whose attribute it is, absent for a device's. `value`: what addr points to, 0 where absent; a struct is the
 * number that its bytes make. `valueAt`: addr is a bad one. Neither: addr is 0, which no process has mapped.
 */
export interface Attr {
  on?: 'vcpu' | 'vm'
  group: number
  attr: bigint
  value?: bigint
  valueAt?: BadPointer
  flags?: number
  at?: BadPointer
}

/** set reads the value, get writes it and may read it before, has looks at neither. */
export type Verb = 'set' | 'get' | 'has'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
} = vgicGroups

/** Structs that are the value of an attribute. */
export type ValueStruct = 'kvm_pmu_event_filter' | 'kvm_smccc_filter'

/** The struct that the value is; undefined where it is a number. */
export const structOfValue = ({ on, group, attr }: Attr): ValueStruct | undefined =>
  on === 'vcpu' && group === vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL && attr === BigInt(pmuAttrs.KVM_ARM_VCPU_PMU_V3_FILTER)
    ? 'kvm_pmu_event_filter'
    : on === 'vm' && group === vmGroups.KVM_ARM_VM_SMCCC_CTRL && attr === BigInt(smcccAttrs.KVM_ARM_VM_SMCCC_FILTER)
      ? 'kvm_smccc_filter'
      : undefined

const sizeOfNumber = ({ on, group }: Attr): number => {
  const isLong =
    on === undefined
      ? group === ADDR || group === CPU_SYSREGS || group === ITS_REGS
      : on === 'vcpu' && group === vcpuGroups.KVM_ARM_VCPU_PVTIME_CTRL
  return isLong ? 8 : 4
}

/** Bytes of an attribute's value. */
export const sizeOfValue = (arg: Attr): number => {
  const struct = structOfValue(arg)
  return struct ? structs[struct].size : sizeOfNumber(arg)
}

/** True where reading the value fails; `write`: writing it. */
export const valueFaults = (arg: Attr, write = false): boolean =>
  arg.valueAt === undefined ? arg.value === undefined : faults(arg.valueAt, sizeOfValue(arg), write)
