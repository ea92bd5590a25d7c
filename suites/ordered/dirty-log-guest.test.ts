/** The dirty log of a guest that stores to memory: its program stores to 0x10000000. */
import { sequence } from '../../harness/suite/sequence.ts'

const program = `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                             -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
`
const again = '  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok\n  KVM_RUN -> ok = KVM_EXIT_SYSTEM_EVENT\n'
const slot1 =
  'slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0xffff000, memory_size = 0x10000, userspace_addr = &ram + 0x10000'

sequence(
  'a page that the guest stores to is dirty once, and one that it only runs in is not',
  `${program}
  vm: KVM_SET_USER_MEMORY_REGION(${slot1}) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_GET_DIRTY_LOG(slot = 0)          -> ok = 0x0
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
${again}
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
`,
)

sequence(
  'a page that is dirty in a manual log stays so until it is cleared, and is dirty again by the next store',
  `vm: KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 1) -> ok
${program}
  vm: KVM_SET_USER_MEMORY_REGION(${slot1}) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
  vm: KVM_CLEAR_DIRTY_LOG(slot = 1, num_pages = 16, dirty_bitmap = &0x1) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
  vm: KVM_CLEAR_DIRTY_LOG(slot = 1, num_pages = 16, dirty_bitmap = &0x2) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
${again}
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
`,
)

sequence(
  'a log that began with every page dirty notices a store after its page was cleared',
  `vm: KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3) -> ok
${program}
  vm: KVM_SET_USER_MEMORY_REGION(${slot1}) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_GET_DIRTY_LOG(slot = 0)          -> ok = 0xffff
  vm: KVM_CLEAR_DIRTY_LOG(slot = 1, num_pages = 16, dirty_bitmap = &0xffff) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
${again}
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x2
`,
)

sequence(
  'a log that comes after the store knows nothing of it',
  `${program}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000, memory_size = 0x1000, userspace_addr = &ram + 0x10000) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x10000000, memory_size = 0x1000, userspace_addr = &ram + 0x10000) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
${again}
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x1
`,
)

sequence(
  'a store to a slot that is read-only leaves the guest, and makes nothing dirty',
  `${program}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY, guest_phys_addr = 0x10000000, memory_size = 0x1000, userspace_addr = &ram + 0x10000) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_MMIO
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
`,
)

sequence(
  'a store to a slot with nothing behind it is a bad address, and is tried again',
  `${program}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000, memory_size = 0x1000, userspace_addr = 0x1000) -> ok
  KVM_RUN                                  -> -EFAULT (no memory behind a slot)
  KVM_RUN                                  -> -EFAULT (no memory behind a slot)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000, memory_size = 0) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'with a ring the bitmap does not have what a vcpu stores',
  `vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000) -> ok
  vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP) -> ok
  vm: KVM_CREATE_VCPU(0) -> ok
${program}
  vm: KVM_SET_USER_MEMORY_REGION(${slot1}) -> ok
  KVM_RUN                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_GET_DIRTY_LOG(slot = 1)          -> ok = 0x0
  vm: KVM_RESET_DIRTY_RINGS                -> ok = 0
`,
  { since: '6.12' },
)
