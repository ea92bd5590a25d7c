/** mmap(2) and fallocate(2) of a guest_memfd: what userspace sees of its pages, and how it makes holes. */
import { sequence } from '../../harness/suite/sequence.ts'

const punch = 'memfd: fallocate(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE'
const allocate = 'memfd: fallocate(FALLOC_FL_KEEP_SIZE'

sequence(
  'a guest_memfd begins with zeros, keeps what is written to its pages, and is never mapped privately',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x4000, flags = 0x3)         -> ok
   memfd: mmap(MAP_SHARED)                                        -> ok = 0
   memfd: mmap(MAP_SHARED, page = 1, value = 0x1234)              -> ok
   memfd: mmap(MAP_SHARED, page = 3, value = 0xffffffffffffffff)  -> ok
   memfd: mmap(MAP_SHARED, page = 2)                              -> ok = 0
   memfd: mmap(MAP_SHARED, page = 1)                              -> ok = 0x1234
   memfd: mmap(MAP_SHARED, page = 3)                              -> ok = 0xffffffffffffffff
   memfd: mmap(MAP_SHARED, page = 4)                              -> -EFAULT (no such page)
   memfd: mmap(MAP_PRIVATE, page = 1)                             -> -EINVAL (private)
   memfd: mmap(MAP_PRIVATE, page = 4)                             -> -EINVAL (private)
   vm: memfd1 = KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x1) -> ok
   memfd1: mmap(MAP_PRIVATE)                                      -> -EINVAL (private)
   memfd1: mmap(MAP_SHARED)                                       -> -EFAULT (no such page)
   vm: memfd2 = KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x2) -> ok
   memfd2: mmap(MAP_PRIVATE)                                      -> -ENODEV (not mappable)
   memfd2: mmap(MAP_SHARED, page = 1)                             -> -ENODEV (not mappable)
   memfd: close                                                   -> ok
   memfd: mmap(MAP_SHARED)                                        -> -EBADF (no descriptor)`,
  { since: '6.18' },
)

sequence(
  'a hole in a guest_memfd reads as zeros, and takes nothing else with it',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x4000, flags = 0x3)             -> ok
   memfd: mmap(MAP_SHARED, value = 0x1)                               -> ok
   memfd: mmap(MAP_SHARED, page = 1, value = 0x2)                     -> ok
   memfd: mmap(MAP_SHARED, page = 2, value = 0x3)                     -> ok
   memfd: mmap(MAP_SHARED, page = 3, value = 0x4)                     -> ok
   ${allocate}, len = 0x4000)                                         -> ok
   memfd: mmap(MAP_SHARED, page = 1)                                  -> ok = 2
   ${punch}, offset = 0x1000, len = 0x1000)                           -> ok
   memfd: mmap(MAP_SHARED)                                            -> ok = 1
   memfd: mmap(MAP_SHARED, page = 1)                                  -> ok = 0
   memfd: mmap(MAP_SHARED, page = 2)                                  -> ok = 3
   memfd: mmap(MAP_SHARED, page = 1, value = 0x5)                     -> ok
   ${punch}, offset = 0x2000, len = 0x100000)                         -> ok
   memfd: mmap(MAP_SHARED, page = 1)                                  -> ok = 5
   memfd: mmap(MAP_SHARED, page = 2)                                  -> ok = 0
   memfd: mmap(MAP_SHARED, page = 3)                                  -> ok = 0
   memfd: mmap(MAP_SHARED, page = 4)                                  -> -EFAULT (no such page)`,
  { since: '6.18' },
)

sequence(
  'a slot keeps its part of a guest_memfd with a hole in it',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x3)   -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)    -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest) -> ok
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 1, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x10000000, memory_size = 0x1000, guest_memfd = memfd) -> ok
   KVM_RUN                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   ${punch}, len = 0x1000)                                  -> ok
   memfd: mmap(MAP_SHARED)                                  -> ok = 0
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)    -> ok
   KVM_RUN                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_SET_USER_MEMORY_REGION2(slot = 2, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x20000000, memory_size = 0x1000, guest_memfd = memfd) -> -EEXIST (bound already)`,
  { since: '6.18' },
)

sequence(
  'fallocate of a guest_memfd takes whole pages, and allocates within its end alone',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x4000)                         -> ok
   ${allocate}, offset = 0x3000, len = 0x1000)                       -> ok
   ${allocate}, offset = 0x3000, len = 0x2000)                       -> -EINVAL (past its end)
   ${allocate}, offset = 0x4000, len = 0x1000)                       -> -EINVAL (past its end)
   ${allocate}, offset = 0x3000, len = 0x1001)                       -> -EINVAL (not whole pages)
   ${allocate}, offset = 0x1000, len = 0x800)                        -> -EINVAL (not whole pages)
   ${allocate}, offset = 0x800, len = 0x1000)                        -> -EINVAL (not whole pages)
   ${punch}, offset = 0x1000, len = 0x1)                             -> -EINVAL (not whole pages)
   ${punch}, offset = 0x1, len = 0x1000)                             -> -EINVAL (not whole pages)
   ${punch}, offset = 0x4000, len = 0x1000)                          -> ok
   ${punch}, offset = 0x7ffffffffffe0000, len = 0x10000)             -> ok
   ${punch}, offset = 0x7ffffffffffff000, len = 0x1000)              -> -EFBIG (past 63 bits)
   ${allocate}, offset = 0x7fffffffffffffff, len = 1)                -> -EFBIG (past 63 bits)
   ${allocate}, offset = 0x8000000000000000, len = 0x1000)           -> -EINVAL (no range)
   ${allocate}, len = 0)                                             -> -EINVAL (no range)`,
  { since: '6.18' },
)

sequence(
  'fallocate of a guest_memfd allocates and punches holes, and knows no other mode',
  `vm: KVM_CREATE_GUEST_MEMFD(size = 0x4000)                                   -> ok
   memfd: fallocate(0, len = 0x1000)                                           -> -EOPNOTSUPP (another mode)
   memfd: fallocate(0, len = 0x1001)                                           -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_PUNCH_HOLE, len = 0x1000)                        -> -EOPNOTSUPP (unknown mode)
   memfd: fallocate(FALLOC_FL_NO_HIDE_STALE, len = 0x1000)                     -> -EOPNOTSUPP (unknown mode)
   memfd: fallocate(FALLOC_FL_KEEP_SIZE | 1 << 8, len = 0x1000)                -> -EOPNOTSUPP (unknown mode)
   memfd: fallocate(FALLOC_FL_ZERO_RANGE, len = 0x1000)                        -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_KEEP_SIZE | FALLOC_FL_ZERO_RANGE, len = 0x800)   -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_KEEP_SIZE | FALLOC_FL_UNSHARE_RANGE, len = 0x1000) -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_COLLAPSE_RANGE, len = 0x1000)                    -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_INSERT_RANGE, len = 0x1000)                      -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_WRITE_ZEROES, len = 0x1000)                      -> -EOPNOTSUPP (another mode)
   memfd: fallocate(FALLOC_FL_COLLAPSE_RANGE, offset = 0x7ffffffffffff000, len = 0x1000) -> -EFBIG (past 63 bits)
   memfd: fallocate(FALLOC_FL_NO_HIDE_STALE, len = 0)                          -> -EINVAL (no range)
   memfd: close                                                                -> ok
   memfd: fallocate(FALLOC_FL_KEEP_SIZE, len = 0x1000)                         -> -EBADF (no descriptor)`,
  { since: '6.18' },
)

sequence(
  'VMs, vcpus and /dev/kvm are no memory',
  `vm: fallocate(FALLOC_FL_KEEP_SIZE, len = 0x1000)                         -> -ENODEV (no file)
   vcpu0: fallocate(FALLOC_FL_KEEP_SIZE, len = 0x1000)                      -> -ENODEV (no file)
   kvm: fallocate(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, len = 0x1000) -> -ENODEV (no file)
   vm: fallocate(FALLOC_FL_PUNCH_HOLE, len = 0x1000)                        -> -EOPNOTSUPP (unknown mode)
   vm: fallocate(FALLOC_FL_KEEP_SIZE, len = 0)                              -> -EINVAL (no range)
   vm: mmap(MAP_SHARED)                                                     -> -ENODEV (not mappable)
   kvm: mmap(MAP_PRIVATE)                                                   -> -ENODEV (not mappable)`,
)

sequence(
  'statistics are no memory that is written to',
  `vm: KVM_GET_STATS_FD                                  -> ok
   stats: mmap(MAP_SHARED)                               -> -EACCES (read-only)
   stats: mmap(MAP_PRIVATE)                              -> -ENODEV (not mappable)
   stats: fallocate(FALLOC_FL_KEEP_SIZE, len = 0x1000)   -> -EBADF (read-only)
   stats: fallocate(FALLOC_FL_PUNCH_HOLE, len = 0x1000)  -> -EOPNOTSUPP (unknown mode)`,
  { since: '6.1' },
)

sequence(
  'before 6.12 modes of fallocate(2) that stand alone are refused together, also of what has no memory',
  `vm: fallocate(FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE, len = 0x1000)  -> -EINVAL (modes together)
   vm: fallocate(FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE, len = 0x1000)     -> -EINVAL (modes together)
   vm: fallocate(FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_ZERO_RANGE, len = 0x1000)   -> -EINVAL (modes together)
   vm: fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE, len = 0x1000)  -> -EOPNOTSUPP (unknown mode)`,
  { until: '6.12' },
)

sequence(
  'from 6.12 on modes of fallocate(2) together are one that nobody knows',
  `vm: fallocate(FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE, len = 0x1000)  -> -EOPNOTSUPP (unknown mode)
   vm: fallocate(FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE, len = 0x1000)     -> -EOPNOTSUPP (unknown mode)
   vm: fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE, len = 0x1000)  -> -EOPNOTSUPP (unknown mode)`,
  { since: '6.12' },
)

const ZEROES = 'vm: fallocate(FALLOC_FL_WRITE_ZEROES, len = 0x1000)'
sequence('in 6.12 and before nothing has FALLOC_FL_WRITE_ZEROES', `${ZEROES} -> -EOPNOTSUPP (unknown mode)`, {
  until: '7.2',
})
sequence('in 7.2 files have FALLOC_FL_WRITE_ZEROES, and a VM is none', `${ZEROES} -> -ENODEV (no file)`, {
  since: '6.18',
})
