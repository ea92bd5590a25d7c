/** Loads and stores of a guest where it has no memory: userspace completes them through kvm_run. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, X } from '../../harness/names/index.ts'

const guest = (name: string) => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
`
/** An MMIO, and how many bytes of what. */
const stores = (length: number, data: string) => `
  KVM_RUN                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.is_write) -> ok = 1
  kvm_run(mmio.len)      -> ok = ${length}
  kvm_run(mmio.data)     -> ok = ${data}
`
const loads = (length: number, data: string) => `
  KVM_RUN                     -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.is_write)      -> ok = 0
  kvm_run(mmio.len)           -> ok = ${length}
  kvm_run(mmio.data = ${data}) -> ok
`

sequence(
  'a store has 1, 2, 4 or 8 bytes of data, and leaves the others as they were',
  `${guest('mmio-stores')}
  KVM_SET_ONE_REG(${X(0)}, &0x8877665544332211)   -> ok
  kvm_run(mmio.data = 0xaaaaaaaaaaaaaaaa)         -> ok
  ${stores(1, '0xaaaaaaaaaaaaaa11')}
  ${stores(2, '0xaaaaaaaaaaaa2211')}
  ${stores(4, '0xaaaaaaaa44332211')}
  ${stores(8, '0x8877665544332211')}
  ${stores(1, '0x8877665544332211')}
`,
)

sequence(
  'a load takes as many bytes as it has from mmio.data at the next KVM_RUN, even one that does not enter the guest',
  `${guest('mmio-loads')}
  KVM_SET_ONE_REG(${X(0)}, &0xffffffffffffffff)   -> ok
  KVM_SET_ONE_REG(${X(2)}, &0xffffffffffffffff)   -> ok
  ${loads(1, '0x7766554433221171')}
  KVM_GET_ONE_REG(${X(0)})                        -> ok = 0xffffffffffffffff
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x4
  ${loads(2, '0x7766554433221172')}
  KVM_GET_ONE_REG(${X(0)})                        -> ok = 0x71
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x8
  ${loads(4, '0x7766554433221174')}
  ${loads(8, '0x7766554433221178')}
  KVM_GET_ONE_REG(${X(2)})                        -> ok = 0x33221174
  KVM_RUN(immediate_exit)                         -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${X(3)})                        -> ok = 0x7766554433221178
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x14
`,
)

sequence(
  'mmio.len, mmio.is_write and mmio.phys_addr are not looked at again',
  `${guest('mmio-loads')}
  ${loads(1, '0x12')}
  kvm_run(mmio.len = 0)                           -> ok
  kvm_run(mmio.is_write = 1)                      -> ok
  kvm_run(mmio.phys_addr = 0xffffffffffffffff)    -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(0)})                        -> ok = 0x12
  kvm_run(mmio.phys_addr)                         -> ok = 0x10000000
`,
)

sequence(
  'a load that fills up with the sign does so with zeros for a positive number',
  `${guest('mmio-loads')}
  KVM_SET_ONE_REG(${PC}, &0x10)                   -> ok
  KVM_SET_ONE_REG(${X(9)}, &0x20000000)           -> ok
  ${loads(8, '0x7f7f7f7f7f7f7f7f')}
  kvm_run(mmio.phys_addr)                         -> ok = 0x20000000
  ${loads(1, '0x7f7f7f7f7f7f7f7f')}
  ${loads(2, '0x7f7f7f7f7f7f7f7f')}
  ${loads(4, '0x7f7f7f7f7f7f7f7f')}
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(4)})                        -> ok = 0x7f
  KVM_GET_ONE_REG(${X(5)})                        -> ok = 0x7f7f
  KVM_GET_ONE_REG(${X(6)})                        -> ok = 0x7f7f7f7f
`,
)

sequence(
  'a load that fills up with the sign fills x with it, and w with it in its lower half',
  `${guest('mmio-loads')}
  KVM_SET_ONE_REG(${PC}, &0x14)                   -> ok
  KVM_SET_ONE_REG(${X(9)}, &0x10000000)           -> ok
  ${loads(1, '0x80')}
  ${loads(2, '0x8000')}
  ${loads(4, '0x80000000')}
  KVM_RUN(immediate_exit)                         -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${X(4)})                        -> ok = 0xffffffffffffff80
  KVM_GET_ONE_REG(${X(5)})                        -> ok = 0xffff8000
  KVM_GET_ONE_REG(${X(6)})                        -> ok = 0xffffffff80000000
`,
  { since: '7.2' },
)

sequence(
  'KVM_ARM_VCPU_INIT does not forget an MMIO: the next KVM_RUN completes it, so that the first instruction is missed',
  `${guest('mmio-loads')}
  ${loads(1, '0x12')}
  KVM_ARM_VCPU_INIT(features[] = 0)               -> ok
  KVM_GET_ONE_REG(${PC})                          -> ok = 0
  KVM_RUN(immediate_exit)                         -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x4
  KVM_GET_ONE_REG(${X(0)})                        -> ok = 0x12
`,
)

sequence(
  'an access that the CPU does not describe fails, again and again, or is told of where the VM asks for it',
  `${guest('no-syndrome')}
  KVM_RUN                                         -> -ENOSYS (no syndrome)
  kvm_run(exit_reason)                            -> ok = KVM_EXIT_UNKNOWN
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x4
  KVM_RUN                                         -> -ENOSYS (no syndrome)
  vm: KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)    -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_ARM_NISV
  kvm_run(arm_nisv.fault_ipa)                     -> ok = 0x10000000
  KVM_RUN                                         -> ok = KVM_EXIT_ARM_NISV
  KVM_GET_ONE_REG(${PC})                          -> ok = 0x4
  KVM_GET_ONE_REG(${X(9)})                        -> ok = 0x10000000
  KVM_SET_ONE_REG(${PC}, &0x8)                    -> ok
  KVM_SET_ONE_REG(${X(9)}, &0x10000ff8)           -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_ARM_NISV
  kvm_run(arm_nisv.fault_ipa)                     -> ok = 0x10000ff8
`,
)

sequence(
  'a store to memory stays inside, whatever the CPU says of it, and makes its page dirty',
  `${guest('store-at')}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x20000, memory_size = 0x10000, userspace_addr = &ram + 0x10000) -> ok
  KVM_SET_ONE_REG(${X(1)}, &0x21000)              -> ok
  KVM_SET_ONE_REG(${X(3)}, &0x2fffc)              -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)                         -> ok = 0x10000000
  vm: KVM_GET_DIRTY_LOG(slot = 1)                 -> ok = 0x8002
  vm: KVM_GET_DIRTY_LOG(slot = 1)                 -> ok = 0
  KVM_SET_ONE_REG(${X(1)}, &0x30000)              -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)                         -> ok = 0x30000
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)                         -> ok = 0x10000000
  vm: KVM_GET_DIRTY_LOG(slot = 1)                 -> ok = 0x8000
`,
)

sequence(
  'a store that is collected in a zone is told of in kvm_run all the same, but for its data',
  `${guest('store-at')}
  vm: KVM_REGISTER_COALESCED_MMIO(addr = 0x20000, size = 0x1000) -> ok
  KVM_SET_ONE_REG(${X(1)}, &0x20000)              -> ok
  KVM_SET_ONE_REG(${X(0)}, &0x55)                 -> ok
  KVM_SET_ONE_REG(${X(3)}, &0x20ffc)              -> ok
  KVM_SET_ONE_REG(${X(2)}, &0x66)                 -> ok
  KVM_RUN                                         -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)                         -> ok = 0x10000000
  kvm_run(mmio.data)                              -> ok = 0x55
`,
)
