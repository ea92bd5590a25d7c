/** An attribute of a device, and the size of its value. */
import { faults, type BadPointer } from '../../model/pointer.ts'
import { vgicGroups } from '../../names/index.ts'

/**
 * `value`: what addr points to, 0 where absent. `valueAt`: addr is a bad one. Neither: addr is 0, which no process
 * has mapped.
 */
export interface Attr {
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

/** Bytes of a group's values. */
export const sizeOfValue = (group: number): number =>
  group === ADDR || group === CPU_SYSREGS || group === ITS_REGS ? 8 : 4

/** True where reading the value fails; `write`: writing it. */
export const valueFaults = ({ group, value, valueAt }: Attr, write = false): boolean =>
  valueAt === undefined ? value === undefined : faults(valueAt, sizeOfValue(group), write)
