/** Addresses that a VM cannot have, asked for by its guest. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, X } from '../../harness/names/index.ts'

const ESR_EL1 = 'ARM64_SYS_REG(3, 0, 5, 2, 0)'
const FAR_EL1 = 'ARM64_SYS_REG(3, 0, 6, 0, 0)'

/** A VM of 36 bits whose guest loads from the address in x1, and stores there. */
const guest = `
  vm = KVM_CREATE_VM(36) -> ok
  vm: KVM_CREATE_VCPU(0) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(access-at)) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok`
const at = (address: string) => `KVM_SET_ONE_REG(${X(1)}, &${address}) -> ok`
const leaves = (address: string, isWrite: 0 | 1) => `
  KVM_RUN                    -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)    -> ok = ${address}
  kvm_run(mmio.len)          -> ok = 8
  kvm_run(mmio.is_write)     -> ok = ${isWrite}`

/** The guest takes an abort, of which its handler tells. */
const aborted = (address: string, elr: string, syndrome: string) => `
  KVM_RUN                    -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)    -> ok = 0x10000000
  kvm_run(mmio.data)         -> ok = 0x200
  KVM_GET_ONE_REG(${PC})     -> ok = 0x218
  KVM_GET_ONE_REG(${X(2)})   -> ok = ${syndrome}
  KVM_GET_ONE_REG(${X(3)})   -> ok = ${address}
  KVM_GET_ONE_REG(${X(4)})   -> ok = ${elr}
  KVM_GET_ONE_REG(${X(5)})   -> ok = 0x3c5
  KVM_GET_ONE_REG(${FAR_EL1}) -> ok = ${address}
  KVM_GET_ONE_REG(${ESR_EL1}) -> ok = ${syndrome}`

/** Loads at both ends of what lies beyond, and a store. */
const abortedAlways = (syndrome: string) => `${guest}
  ${at('0x1000000000')}
  ${aborted('0x1000000000', '0x0', syndrome)}
  ${at('0xfffffffff8')}
  ${aborted('0xfffffffff8', '0x0', syndrome)}
  ${at('0xffffffff8')}
  ${leaves('0xffffffff8', 0)}
  kvm_run(mmio.data = 0x55)  -> ok
  ${at('0x1000000008')}
  ${aborted('0x1000000008', '0x4', syndrome)}`

sequence(
  'a VM has addresses of so many bits as its IPA size says, of memory and of what is for userspace',
  `${guest}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0xffffff000, memory_size = 0x1000, userspace_addr = &ram + 0x100000) -> ok
  ${at('0x100000000')}
  ${leaves('0x100000000', 0)}
  kvm_run(mmio.data = 0x1122334455667788) -> ok
  ${leaves('0x100000000', 1)}
  kvm_run(mmio.data)         -> ok = 0x1122334455667788
  ${at('0xffffffff0')}
  KVM_SET_ONE_REG(${X(0)}, &0x99) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, memory_size = 0) -> ok
  ${leaves('0xffffffff0', 0)}`,
)

sequence(
  'in 5.10 a load beyond the IPA size is for userspace, as any other without memory',
  `${guest}
  ${at('0x1000000000')}
  ${leaves('0x1000000000', 0)}
  kvm_run(mmio.data = 0x77)  -> ok
  ${leaves('0x1000000000', 1)}
  kvm_run(mmio.data)         -> ok = 0x77
  ${at('0xfffffffff8')}
  ${leaves('0xfffffffff8', 0)}`,
  { until: '6.1' },
)

sequence(
  'in 6.1 a guest takes an external abort for an access beyond the IPA size, with the sign of its class',
  abortedAlways('0xffffffff96000010'),
  { since: '6.1', until: '6.12' },
)

sequence(
  'a guest takes an external abort for an access beyond the IPA size, with the address that it asked for',
  abortedAlways('0x96000010'),
  { since: '6.12' },
)
