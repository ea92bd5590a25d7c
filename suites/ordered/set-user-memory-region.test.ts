/** KVM_SET_USER_MEMORY_REGION: slots, their order of checks, and the end of the IPA space. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'slots do not overlap in guest physical memory',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x2000, userspace_addr = &ram)    -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000, memory_size = 0x1000, userspace_addr = &ram) -> -EEXIST (overlaps)
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x2000, memory_size = 0x1000, userspace_addr = &ram) -> ok
`,
)

sequence(
  'two slots may have the same memory behind them',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)     -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram) -> ok
`,
)

sequence(
  'a slot is deleted with size 0, once',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram)    -> -EINVAL (nothing to delete)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram)    -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram)    -> -EINVAL (nothing to delete)
`,
)

sequence(
  'a deleted slot leaves its addresses to others',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> -EEXIST (overlaps)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram)    -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> ok
`,
)

sequence(
  'a slot moves and changes its flags, but keeps its size and its memory',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)                                      -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram)                                  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x10000, memory_size = 0x2000, userspace_addr = &ram)                                  -> -EINVAL (changed for good)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram + 0x1000)                         -> -EINVAL (changed for good)
  KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_READONLY, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram)        -> -EINVAL (changed for good)
`,
)

sequence(
  'a slot that moves may not come over another',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)    -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)    -> -EEXIST (overlaps)
`,
)

sequence(
  'a slot is whole pages',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1, userspace_addr = &ram)        -> -EINVAL (not whole pages)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x800, memory_size = 0x1000, userspace_addr = &ram)   -> -EINVAL (not whole pages)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram + 1) -> -EINVAL (not whole pages)
`,
)

sequence(
  'a slot takes no flag that is not defined',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, flags = 1 << 3, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)           -> -EINVAL (unknown flag)
  KVM_SET_USER_MEMORY_REGION(slot = 0, flags = 1 << 31, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)          -> -EINVAL (unknown flag)
  KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_READONLY, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> ok
`,
)

sequence(
  'slot numbers end below KVM_CAP_NR_MEMSLOTS',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 511, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)        -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0x7fff, guest_phys_addr = 0x10000, memory_size = 0x1000, userspace_addr = &ram) -> -EINVAL (slot number)
`,
)

sequence(
  'arm64 has one address space',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0x10000, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> -EINVAL (address space)
`,
)

sequence(
  'a slot does not wrap around the end of 64 bits',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffffffffff000, memory_size = 0x2000, userspace_addr = &ram) -> -EINVAL (wraps around)
`,
)

sequence(
  'a slot ends within the IPA size, or it is a bad address and not too big',
  `
  KVM_CREATE_VM(0)                                                                                                  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffff000, memory_size = 0x2000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffff000, memory_size = 0x1000, userspace_addr = &ram) -> ok
`,
)

sequence(
  'a slot does not move beyond the IPA size',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)           -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x10000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x1000, memory_size = 0x1000, userspace_addr = &ram)        -> ok
`,
)

sequence(
  'an overlap is noticed before the end of the IPA space',
  `
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffff000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0xfffffff000, memory_size = 0x2000, userspace_addr = &ram) -> -EEXIST (overlaps)
`,
)
