/** KVM_ARM_MTE_COPY_TAGS: what is looked at before any tag is. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  '5.10 copies no tags',
  `
  KVM_ARM_MTE_COPY_TAGS(0x0) -> -EINVAL (unknown ioctl)
`,
  { until: '6.1' },
)

sequence(
  'a VM without MTE has no tags, whatever is asked',
  `
  KVM_ARM_MTE_COPY_TAGS(0x0)                                               -> -EINVAL (VM without MTE)
  KVM_ARM_MTE_COPY_TAGS(&short(47), 0x1)                                   -> -EFAULT (bad pointer)
  KVM_ARM_MTE_COPY_TAGS(0x800, length = 0x1000, flags = 2, reserved = 0x1) -> -EINVAL (VM without MTE)
`,
  { since: '6.1' },
)

sequence(
  'whole pages are copied, one way or the other',
  `
  KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                                            -> ok
  KVM_ARM_MTE_COPY_TAGS(0x0)                                                                 -> ok = 0
  KVM_ARM_MTE_COPY_TAGS(0x0, flags = KVM_ARM_TAGS_FROM_GUEST)                                -> ok = 0
  KVM_ARM_MTE_COPY_TAGS(0x0, reserved = 0x1)                                                 -> -EINVAL (reserved fields)
  KVM_ARM_MTE_COPY_TAGS(0x0, reserved = 0x10000000000000000) -> -EINVAL (reserved fields)
  KVM_ARM_MTE_COPY_TAGS(0x0, reserved = 0x80000000000000000000000000000000) -> -EINVAL (reserved fields)
  KVM_ARM_MTE_COPY_TAGS(0x0, flags = 2)                                                      -> -EINVAL (unknown flags)
  KVM_ARM_MTE_COPY_TAGS(0x0, flags = 1 << 63)                                                -> -EINVAL (unknown flags)
  KVM_ARM_MTE_COPY_TAGS(0x800)                                                               -> -EINVAL (misaligned)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1001)                                                -> -EINVAL (misaligned)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000)                                                -> -EFAULT (no memory)
  KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x1000, memory_size = 0x2000, userspace_addr = &ram) -> ok
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x2000)                                                -> -EFAULT (no memory)
  KVM_ARM_MTE_COPY_TAGS(0x1000, length = 0x1000)                                             -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x1000, length = 0x2000, flags = KVM_ARM_TAGS_FROM_GUEST)            -> ok = 0x2000
  KVM_ARM_MTE_COPY_TAGS(0x2000, length = 0x2000)                                             -> ok = 0x1000
`,
  { since: '6.1' },
)

sequence(
  'from 6.12 on the length has 31 bits, and tags are not written while a dirty log is kept',
  `
  KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                                            -> ok
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x80000000)                                            -> -EINVAL (too long)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x7ffff000)                                            -> -EFAULT (no memory)
  KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x1000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_ARM_MTE_COPY_TAGS(0x5000, length = 0x1000)                                             -> -EBUSY (dirty log)
  KVM_ARM_MTE_COPY_TAGS(0x0)                                                                 -> -EBUSY (dirty log)
  KVM_ARM_MTE_COPY_TAGS(0x5000, length = 0x1000, flags = KVM_ARM_TAGS_FROM_GUEST)            -> -EFAULT (no memory)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x80000000)                                            -> -EINVAL (too long)
`,
  { since: '6.12' },
)

sequence(
  '6.1 takes any length, and begins',
  `
  KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                 -> ok
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x80000000) -> -EFAULT (no memory)
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'tags are read from userspace or written to it page by page, as far as there is room for them',
  `
  KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                                                         -> ok
  KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x200000, userspace_addr = &ram)        -> ok
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, addr = &unmapped)                                           -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, flags = KVM_ARM_TAGS_FROM_GUEST, addr = &unmapped)          -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, addr = &kernel)                                             -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, flags = KVM_ARM_TAGS_FROM_GUEST, addr = &kernel)            -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, addr = &readonly)                                           -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, flags = KVM_ARM_TAGS_FROM_GUEST, addr = &readonly)          -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, addr = &short(255))                                         -> -EFAULT (no room)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x1000, addr = &short(256))                                         -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x2000, addr = &short(511))                                         -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x2000, flags = KVM_ARM_TAGS_FROM_GUEST, addr = &short(511))        -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x2000, flags = KVM_ARM_TAGS_FROM_GUEST, addr = &short(512))        -> ok = 0x2000
  KVM_ARM_MTE_COPY_TAGS(0x1ff000, length = 0x2000, addr = &short(300))                                    -> ok = 0x1000
  KVM_ARM_MTE_COPY_TAGS(0x0, addr = &unmapped)                                                            -> ok = 0
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x800, addr = &unmapped)                                            -> -EINVAL (misaligned)
  KVM_ARM_MTE_COPY_TAGS(0x200000, length = 0x1000, addr = &unmapped)                                      -> -EFAULT (no memory)
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0xff000)                                                            -> ok = 0xff000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x100000)                                                           -> ok = 0xff000
  KVM_ARM_MTE_COPY_TAGS(0x0, length = 0x100000, flags = KVM_ARM_TAGS_FROM_GUEST)                          -> ok = 0xff000
`,
  { since: '6.1' },
)
