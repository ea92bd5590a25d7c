/** KVM_SET_USER_MEMORY_REGION2: the slots of KVM_SET_USER_MEMORY_REGION, and what is refused of a guest_memfd. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'one slot, two ioctls: what the one makes the other changes and deletes',
  `KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0x1000)                                  -> ok
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x1000, memory_size = 0x1000)                              -> ok
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000) -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                             -> ok = 0x0
   KVM_SET_USER_MEMORY_REGION2(slot = 1, guest_phys_addr = 0, memory_size = 0x1000)                        -> -EEXIST (overlaps)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0x2000)                                  -> -EINVAL (changed for good)
   KVM_SET_USER_MEMORY_REGION2(slot = 1, guest_phys_addr = 0xfffffff000, memory_size = 0x1000) -> ok
   KVM_SET_USER_MEMORY_REGION2(slot = 1, guest_phys_addr = 0, memory_size = 0x2000) -> -EINVAL (changed for good)
   KVM_SET_USER_MEMORY_REGION2(slot = 2, guest_phys_addr = 0xfffffff000, memory_size = 0x2000) -> -EEXIST (overlaps)
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0)                                        -> ok
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0)                                       -> -EINVAL (nothing to delete)`,
  { since: '6.12' },
)

sequence(
  'it refuses what the other refuses',
  `KVM_SET_USER_MEMORY_REGION2(&unmapped, flags = 1 << 3, guest_phys_addr = 0, memory_size = 0x1000) -> -EFAULT (bad pointer)
   KVM_SET_USER_MEMORY_REGION2(&short(159), guest_phys_addr = 1, memory_size = 0x1000)                     -> -EFAULT (bad pointer)
   KVM_SET_USER_MEMORY_REGION2(flags = 1 << 3, guest_phys_addr = 1, memory_size = 0x1000)                  -> -EINVAL (unknown flag)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 1, memory_size = 0x1000)                                  -> -EINVAL (not whole pages)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0x1000, userspace_addr = 1 << 55)        -> -EINVAL (no userspace address)
   KVM_SET_USER_MEMORY_REGION2(slot = 0x10000, guest_phys_addr = 0, memory_size = 0x1000)                  -> -EINVAL (address space)
   KVM_SET_USER_MEMORY_REGION2(slot = 0x7fff, guest_phys_addr = 0, memory_size = 0x1000)                   -> -EINVAL (slot number)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0xfffffffffffff000, memory_size = 0x2000)                 -> -EINVAL (wraps around)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 1 << 43)                                 -> -EINVAL (too big)
   KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 1 << 52, memory_size = 0x1000)                            -> -EFAULT (beyond the IPA size)`,
  { since: '6.12' },
)

sequence(
  'what stands behind the address is not looked at without KVM_MEM_GUEST_MEMFD',
  `KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0x1000, guest_memfd_offset = 1, guest_memfd = 0xffffffff, pad1 = 1, pad2 = 1 << 895) -> ok`,
  { since: '6.12' },
)

sequence(
  'a guest_memfd cannot be had before 6.18',
  `KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff) -> -EINVAL (unknown flag)`,
  { since: '6.12', until: '6.18' },
)

sequence(
  'a guest_memfd has whole pages, in a slot that is new and neither logs nor is read-only; then it is looked for',
  `KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD | KVM_MEM_READONLY, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff)        -> -EINVAL (unknown flag)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD | KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff) -> -EINVAL (unknown flag)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd_offset = 1, guest_memfd = 0xffffffff)   -> -EINVAL (guest_memfd range)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd_offset = 0xfffffffffffff000, guest_memfd = 0xffffffff) -> -EINVAL (guest_memfd range)
   KVM_SET_USER_MEMORY_REGION2(slot = 0x7fff, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd_offset = 1)              -> -EINVAL (guest_memfd range)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff)                           -> -EBADF (no such guest_memfd)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 1 << 52, memory_size = 0x1000, guest_memfd = 0xffffffff)                     -> -EBADF (no such guest_memfd)
   KVM_SET_USER_MEMORY_REGION2(slot = 1, guest_phys_addr = 0, memory_size = 0x1000)                                                                        -> ok
   KVM_SET_USER_MEMORY_REGION2(slot = 1, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff)                 -> -EINVAL (changed for good)
   KVM_SET_USER_MEMORY_REGION2(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000, guest_memfd = 0xffffffff)                           -> -EEXIST (overlaps)
   KVM_SET_USER_MEMORY_REGION2(slot = 1, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0, guest_memfd = 0xffffffff)                      -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0, memory_size = 0x1000)                                                      -> -EINVAL (unknown flag)`,
  { since: '6.18' },
)

sequence(
  'older kernels do not know it',
  `vm: KVM_SET_USER_MEMORY_REGION2(guest_phys_addr = 0, memory_size = 0x1000) -> -EINVAL (unknown ioctl)`,
  { until: '6.12' },
)
