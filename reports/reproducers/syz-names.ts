/** Calls as syzkaller names them, in sys/linux/dev_kvm.txt and dev_kvm_arm64.txt. */
import type { Sort } from '../../harness/model/codec.ts'

/** The names of ioctls whose argument is a number or nothing. */
const byValue: Readonly<Record<string, Partial<Record<Sort, string>>>> = {
  KVM_GET_API_VERSION: { kvm: 'ioctl$KVM_GET_API_VERSION' },
  KVM_CREATE_VM: { kvm: 'ioctl$KVM_CREATE_VM' },
  KVM_CHECK_EXTENSION: { kvm: 'ioctl$KVM_CHECK_EXTENSION', vm: 'ioctl$KVM_CHECK_EXTENSION_VM' },
  KVM_GET_VCPU_MMAP_SIZE: { kvm: 'ioctl$KVM_GET_VCPU_MMAP_SIZE' },
  KVM_CREATE_VCPU: { vm: 'ioctl$KVM_CREATE_VCPU' },
  KVM_CREATE_IRQCHIP: { vm: 'ioctl$KVM_CREATE_IRQCHIP' },
  KVM_RUN: { vcpu: 'ioctl$KVM_RUN' },
}

/** Those that syzkaller gives no argument at all. */
const WITHOUT_ARGUMENT = ['KVM_GET_VCPU_MMAP_SIZE', 'KVM_CREATE_IRQCHIP']

/** A struct that syzkaller describes so that each field here is one of its own. */
export interface SyzStruct {
  name: string
  /** Bytes of each field, in their order; `fd`: it is the descriptor that is made, `vma`: memory of the guest. */
  fields: readonly (1 | 2 | 4 | 8 | 'fd' | 'vma' | 'zeros')[]
  /** The member of a union that the struct is. */
  union?: string
}

const attr: SyzStruct['fields'] = [4, 4, 8, 8]

const byStruct: Readonly<Record<string, Partial<Record<Sort, SyzStruct>>>> = {
  KVM_ARM_VCPU_INIT: { vcpu: { name: 'ioctl$KVM_ARM_VCPU_INIT', fields: [4, 4, 'zeros'] } },
  KVM_CREATE_DEVICE: { vm: { name: 'ioctl$KVM_CREATE_DEVICE', fields: [4, 'fd', 4] } },
  KVM_GET_ONE_REG: { vcpu: { name: 'ioctl$KVM_GET_ONE_REG', fields: [8, 8], union: 'other' } },
  KVM_SET_ONE_REG: { vcpu: { name: 'ioctl$KVM_SET_ONE_REG', fields: [8, 8], union: 'other' } },
  KVM_IRQ_LINE: { vm: { name: 'ioctl$KVM_IRQ_LINE', fields: [4, 4] } },
  KVM_SET_USER_MEMORY_REGION: { vm: { name: 'ioctl$KVM_SET_USER_MEMORY_REGION', fields: [4, 4, 8, 8, 'vma'] } },
  KVM_ARM_VCPU_FINALIZE: { vcpu: { name: 'ioctl$KVM_ARM_VCPU_FINALIZE', fields: [4] } },
  KVM_SET_DEVICE_ATTR: { device: { name: 'ioctl$KVM_SET_DEVICE_ATTR', fields: attr } },
  KVM_GET_DEVICE_ATTR: { device: { name: 'ioctl$KVM_GET_DEVICE_ATTR', fields: attr } },
  KVM_HAS_DEVICE_ATTR: { device: { name: 'ioctl$KVM_HAS_DEVICE_ATTR', fields: attr } },
}

/** The name of a call whose argument is a number; undefined where syzkaller has none on such a descriptor. */
export const syzName = (ioctl: string, on: Sort): { name: string; hasArgument: boolean } | undefined => {
  const name = byValue[ioctl]?.[on]
  return name === undefined ? undefined : { name, hasArgument: !WITHOUT_ARGUMENT.includes(ioctl) }
}

/**
 * The name and struct of a call; undefined where syzkaller has none on such a descriptor, or describes it otherwise.
 */
export const syzStruct = (ioctl: string, on: Sort): SyzStruct | undefined => byStruct[ioctl]?.[on]
