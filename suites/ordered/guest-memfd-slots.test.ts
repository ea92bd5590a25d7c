/** KVM_MEM_GUEST_MEMFD: slots whose memory is a part of a guest_memfd. */
import { sequence } from '../../harness/suite/sequence.ts'

const slot = (id: number, more: string) =>
  `vm: KVM_SET_USER_MEMORY_REGION2(slot = ${id}, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = ${more}, memory_size = 0x1000`

sequence(
  'parts of a guest_memfd are the memory of slots, each of one; deleting the slot gives its part back',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x3000, flags = 0x1)                              -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                                              -> ok
   ${slot(1, '0x10000')}, guest_memfd = memfd)                                          -> -EEXIST (bound already)
   ${slot(1, '0x10000')}, guest_memfd_offset = 0x1000, guest_memfd = memfd)             -> ok
   ${slot(2, '0x20000')}, guest_memfd_offset = 0x2000, guest_memfd = memfd)             -> ok
   ${slot(3, '0x30000')}, guest_memfd_offset = 0x3000, guest_memfd = memfd)             -> -EINVAL (past its end)
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 3, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x30000, memory_size = 0x3000, guest_memfd = memfd) -> -EEXIST (bound already)
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 3, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x30000, memory_size = 0x3000, guest_memfd_offset = 0x1000, guest_memfd = memfd) -> -EINVAL (past its end)
   vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000, memory_size = 0) -> ok
   ${slot(3, '0x30000')}, guest_memfd_offset = 0x1000, guest_memfd = memfd)             -> ok
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 0, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0, guest_memfd = memfd) -> ok
   ${slot(1, '0x10000')}, guest_memfd_offset = 0x1000, guest_memfd = memfd)             -> -EEXIST (bound already)
   ${slot(1, '0x10000')}, guest_memfd = memfd)                                          -> ok`,
  { since: '6.18' },
)

sequence(
  'two guest_memfds do not know of each other',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x1)                  -> ok
   vm: memfd1 = KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x3)         -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                                 -> ok
   ${slot(1, '0x10000')}, guest_memfd = memfd1)                            -> ok
   ${slot(2, '0x20000')}, guest_memfd = memfd1)                            -> -EEXIST (bound already)`,
  { since: '6.18' },
)

sequence(
  'a slot with a guest_memfd stays as it is until it is deleted',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x2000, flags = 0x1)                                                   -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                                                                  -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                                                                  -> -EINVAL (changed for good)
   ${slot(0, '0x10000')}, guest_memfd = memfd)                                                              -> -EINVAL (changed for good)
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000)                   -> -EINVAL (changed for good)
   vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x10000, memory_size = 0x1000)                -> -EINVAL (changed for good)
   vm: KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x0, memory_size = 0x1000) -> -EINVAL (changed for good)
   vm: KVM_GET_DIRTY_LOG(slot = 0)                                                                          -> -ENOENT (no log)
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 1, guest_phys_addr = 0x0, memory_size = 0x1000)                   -> -EEXIST (overlaps)
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 0, guest_phys_addr = 0x0, memory_size = 0)                        -> ok
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000)                   -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                                                                  -> -EINVAL (changed for good)`,
  { since: '6.18' },
)

/** In which order a slot's guest_memfd is looked at; `taken`: what a part is that another slot has, beyond the IPA size. */
const inOrder = (taken: string) =>
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x2000, flags = 0x1)                                          -> ok
   vm: memfd1 = KVM_CREATE_GUEST_MEMFD(size = 0x2000)                                              -> ok
   vm1: memfd2 = KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x1)                                -> ok
   ${slot(0, '1 << 52')}, guest_memfd = memfd)                                                     -> -EFAULT (beyond the IPA size)
   ${slot(0, '1 << 52')}, guest_memfd = memfd1)                                                    -> -EFAULT (beyond the IPA size)
   ${slot(0, '0x0')}, guest_memfd = memfd1)                                                        -> -EINVAL (not mappable)
   ${slot(0, '0x0')}, guest_memfd = memfd1)                                                        -> -EINVAL (not mappable)
   ${slot(0, '0x0')}, guest_memfd = memfd)                                                         -> ok
   ${slot(1, '1 << 52')}, guest_memfd = memfd)                                                     -> ${taken}
   ${slot(1, '1 << 52')}, guest_memfd_offset = 0x2000, guest_memfd = memfd)                        -> -EINVAL (past its end)
   ${slot(1, '0x10000')}, guest_memfd_offset = 0x1000, guest_memfd = memfd2)                       -> -EINVAL (another VM)
   ${slot(1, '1 << 52')}, guest_memfd = memfd2)                                                    -> -EINVAL (another VM)
   ${slot(1, '1 << 52')}, guest_memfd = vm)                                                        -> -EINVAL (no guest_memfd)
   ${slot(1, '0x10000')}, guest_memfd = kvm)                                                       -> -EINVAL (no guest_memfd)
   ${slot(1, '0x0')}, guest_memfd = vm)                                                            -> -EEXIST (overlaps)
   ${slot(1, '0x0')}, guest_memfd_offset = 0x800, guest_memfd = vm)                                -> -EINVAL (guest_memfd range)
   memfd1: close                                                                                   -> ok
   ${slot(1, '1 << 52')}, guest_memfd = memfd1)                                                    -> -EBADF (no such guest_memfd)
   vm1: KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x0, memory_size = 0x1000, guest_memfd = memfd2) -> ok`

sequence('what is refused gives its part back, and is looked for in this order', inOrder('-EEXIST (bound already)'), {
  since: '6.18',
  until: ['7.4', '7.3.2'],
})

sequence('what is refused has no part, and is looked for in this order', inOrder('-EFAULT (beyond the IPA size)'), {
  since: ['7.4', '7.3.2'],
})

sequence(
  'a VM with MTE has no memory of a guest_memfd',
  `vm: KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                              -> ok
   vm: KVM_CREATE_GUEST_MEMFD(size = 0x2000, flags = 0x1)           -> ok
   vm: memfd1 = KVM_CREATE_GUEST_MEMFD(size = 0x2000)               -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd1)                         -> -EINVAL (not mappable)
   ${slot(0, '0x0')}, guest_memfd = memfd)                          -> -EINVAL (MTE)`,
  { since: '6.18' },
)

sequence(
  'a VM with memory of a guest_memfd gets no MTE, until the slot is deleted',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x2000, flags = 0x1) -> ok
   ${slot(0, '0x0')}, guest_memfd = memfd)                -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                        -> -EINVAL (guest_memfd)
   vm: KVM_SET_USER_MEMORY_REGION(slot = 0)               -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                        -> ok`,
  { since: '6.18' },
)

const guest = `
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                               -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest) -> ok
   vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x1)                                              -> ok`

sequence(
  'a guest stores into a guest_memfd, whatever address of userspace the slot has',
  `${guest}
   ${slot(1, '0x10000000')}, userspace_addr = 0x1000, guest_memfd = memfd) -> ok
   KVM_RUN                                                                -> ok = KVM_EXIT_SYSTEM_EVENT`,
  { since: '6.18' },
)

sequence(
  'without its guest_memfd a slot has no memory, of which KVM_RUN tells; it can be deleted all the same',
  `${guest}
   ${slot(1, '0x10000000')}, guest_memfd = memfd)                                          -> ok
   memfd: close                                                                            -> ok
   KVM_RUN                                                                                 -> -EFAULT (guest_memfd is gone)
   kvm_run(exit_reason)                                                                    -> ok = KVM_EXIT_MEMORY_FAULT
   kvm_run(memory_fault.flags)                                                             -> ok = 0
   kvm_run(memory_fault.gpa)                                                               -> ok = 0x10000000
   kvm_run(memory_fault.size)                                                              -> ok = 0x1000
   KVM_RUN                                                                                 -> -EFAULT (guest_memfd is gone)
   vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000, memory_size = 0) -> ok
   KVM_RUN                                                                                 -> ok = KVM_EXIT_MMIO`,
  { since: '6.18' },
)

sequence(
  'a guest_memfd knows no ioctl, not even of another mm, and is no vcpu',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x1) -> ok
   memfd: KVM_RUN                                         -> -ENOTTY (unknown ioctl)
   memfd: KVM_CHECK_EXTENSION(0)                          -> -ENOTTY (unknown ioctl)
   memfd: KVM_GET_DEVICE_ATTR(0, 0)                       -> -ENOTTY (unknown ioctl)
   child of memfd: KVM_RUN                                -> -ENOTTY (unknown ioctl)
   memfd: kvm_run(exit_reason)                            -> -ENODEV (no vcpu)
   memfd: close                                           -> ok
   memfd: close                                           -> -EBADF (no descriptor)`,
  { since: '6.18' },
)

sequence(
  'a guest_memfd that can be mapped has pages up to its end, which userspace sees where they were shared from the beginning',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x41000)                       -> ok
   vm: memfd1 = KVM_CREATE_GUEST_MEMFD(size = 0x41000, flags = 0x1) -> ok
   vm: memfd3 = KVM_CREATE_GUEST_MEMFD(size = 0x41000, flags = 0x3) -> ok
   memfd: kvm_dirty_gfn(0)                                          -> -ENODEV (no vcpu)
   memfd1: kvm_dirty_gfn(0)                                         -> -EFAULT (no such page)
   memfd3: kvm_dirty_gfn(0)                                         -> ok
   memfd3: kvm_dirty_gfn(256)                                       -> -EFAULT (no such page)
   memfd3: kvm_coalesced_mmio_ring(first)                           -> -ENODEV (no vcpu)`,
  { since: '6.18' },
)
