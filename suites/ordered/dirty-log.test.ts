/** The dirty log of a VM that has not run: KVM_GET_DIRTY_LOG, KVM_CLEAR_DIRTY_LOG, and what switches them. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a log is asked for with its slot, and empty where nothing ran',
  `KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> -ENOENT (no log)
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)                                    -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> -ENOENT (no log)
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0
   KVM_GET_DIRTY_LOG(slot = 0, padding1 = 1)                                                                -> ok = 0x0
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)                                    -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> -ENOENT (no log)`,
)

sequence(
  'a log of a slot that there cannot be',
  `KVM_GET_DIRTY_LOG(slot = 0x7fff)                   -> -EINVAL (slot number)
   KVM_GET_DIRTY_LOG(slot = 0x10000)                  -> -EINVAL (address space)
   KVM_CLEAR_DIRTY_LOG(slot = 0x7fff)                 -> -EINVAL (slot number)
   KVM_CLEAR_DIRTY_LOG(slot = 0x10000)                -> -EINVAL (address space)
   KVM_CLEAR_DIRTY_LOG(slot = 0)                      -> -ENOENT (no log)
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 63)     -> -EINVAL (first page)
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 63)      -> -ENOENT (no log)
  KVM_CLEAR_DIRTY_LOG(&unmapped, slot = 0x10000)     -> -EFAULT (bad pointer)`,
)

sequence(
  'a slot may begin with every page dirty; what is read then stays dirty until it is cleared',
  `KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3)                                           -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x50000)  -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0xffffffffffffffffffff
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0xffffffffffffffffffff
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 64, dirty_bitmap = &0xffff0000000000000003)                    -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0xfffffffffffffffffffc
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64, num_pages = 16, dirty_bitmap = &0xff00ff)                 -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0xff00fffffffffffffffc
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 80, dirty_bitmap = &0xffffffffffffffffffffffffffffffff)        -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0`,
)

sequence(
  'what pages are cleared: whole words of 64, or up to the end of the slot',
  `KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x50000)  -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 80)                                                            -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 81)                                                            -> -EINVAL (pages)
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 79)                                                            -> -EINVAL (pages)
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 64)                                                            -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64, num_pages = 16)                                           -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64, num_pages = 64)                                           -> -EINVAL (pages)
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64)                                                           -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 128)                                                          -> -EINVAL (pages)
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 1 << 63)                                                      -> -EINVAL (pages)
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 80)                                                           -> -EINVAL (first page)
   KVM_CLEAR_DIRTY_LOG(slot = 0)                                                                            -> ok`,
)

sequence(
  'a slot with a multiple of 64 pages has nothing to clear behind its end',
  `KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x40000)  -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64)                                                           -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64, num_pages = 64)                                           -> -EINVAL (pages)`,
)

sequence(
  'a bitmap is copied in words of 64 pages, and not at all for no pages',
  `KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x50000)  -> ok
   KVM_GET_DIRTY_LOG(slot = 0, dirty_bitmap = &unmapped)                                                    -> -EFAULT (bad bitmap pointer)
   KVM_GET_DIRTY_LOG(slot = 0, dirty_bitmap = &readonly)                                                    -> -EFAULT (bad bitmap pointer)
   KVM_GET_DIRTY_LOG(slot = 0, dirty_bitmap = &short(15))                                                   -> -EFAULT (bad bitmap pointer)
   KVM_GET_DIRTY_LOG(slot = 0, dirty_bitmap = &short(16))                                                   -> ok = 0x0
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 64, dirty_bitmap = &short(7))                                  -> -EFAULT (bad bitmap pointer)
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 64, dirty_bitmap = &short(8))                                  -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 80, dirty_bitmap = &short(15))                                 -> -EFAULT (bad bitmap pointer)
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 80, dirty_bitmap = &readonly)                                  -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, dirty_bitmap = &unmapped)                                                  -> ok
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 64, dirty_bitmap = &kernel)                                   -> ok
   KVM_GET_DIRTY_LOG(&short(15), slot = 0)                                                                  -> -EFAULT (bad pointer)
   KVM_CLEAR_DIRTY_LOG(&short(23), slot = 0)                                                                -> -EFAULT (bad pointer)
   KVM_CLEAR_DIRTY_LOG(&readonly, slot = 0)                                                                 -> ok`,
)

sequence(
  'what is read is clean, even where it could not be written, once the log is manual no more',
  `KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3)                                           -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x10000)  -> ok
   KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x10000, memory_size = 0x10000) -> ok
   KVM_GET_DIRTY_LOG(slot = 1, dirty_bitmap = &unmapped)                                                    -> -EFAULT (bad bitmap pointer)
   KVM_GET_DIRTY_LOG(slot = 1)                                                                              -> ok = 0xffff
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2)                                                        -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0xffff
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0
   KVM_GET_DIRTY_LOG(slot = 1, dirty_bitmap = &unmapped)                                                    -> -EFAULT (bad bitmap pointer)
   KVM_GET_DIRTY_LOG(slot = 1)                                                                              -> ok = 0x0`,
)

sequence(
  'the first option alone begins with clean pages; a slot that is there keeps its log',
  `KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 1)                                           -> ok
   KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x1000, memory_size = 0x1000) -> ok
   KVM_GET_DIRTY_LOG(slot = 1)                                                                              -> ok = 0x0
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3)                                           -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x10000, memory_size = 0x1000) -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x10000, memory_size = 0x1000)                              -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x10000, memory_size = 0x1000) -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x1
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x1`,
)

sequence(
  'a ring has pages instead of a bitmap',
  `KVM_RESET_DIRTY_RINGS                                                                                    -> -EINVAL (no ring)
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000)                                         -> ok
   KVM_GET_DIRTY_LOG(slot = 0x10000)                                                                        -> -ENXIO (a ring instead)
   KVM_GET_DIRTY_LOG(&unmapped, slot = 0)                                                                   -> -EFAULT (bad pointer)
   KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = 1)                                                            -> -ENXIO (a ring instead)
   KVM_CLEAR_DIRTY_LOG(slot = 0x10000) -> -ENXIO (a ring instead)
   KVM_CLEAR_DIRTY_LOG(&unmapped, slot = 0) -> -EFAULT (bad pointer)
   KVM_CREATE_VCPU(0)                                                                                       -> ok
   KVM_RESET_DIRTY_RINGS                                                                                    -> ok = 0
   KVM_RESET_DIRTY_RINGS(1)                                                                                 -> ok = 0`,
  { since: '6.12' },
)

sequence(
  'a ring with bitmaps is asked for them as well',
  `KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000)                                         -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                                                       -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> ok = 0x0
   KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = 1)                                                             -> ok`,
  { since: '6.12' },
)

sequence(
  'a slot that was made while a ring had its pages has no log, although bitmaps came later',
  `KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000)                                         -> ok
   KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0, memory_size = 0x1000)   -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                                                       -> -EINVAL (has memory)
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> -ENXIO (a ring instead)
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0)                                         -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                                                       -> ok
   KVM_GET_DIRTY_LOG(slot = 0)                                                                              -> -ENOENT (no log)`,
  { since: '6.12' },
)

sequence(
  'the ioctl of rings is older than rings on arm64',
  `KVM_RESET_DIRTY_RINGS     -> -EINVAL (no ring)
   KVM_RESET_DIRTY_RINGS(1)  -> -EINVAL (no ring)
   KVM_CREATE_VCPU(0)        -> ok
   KVM_RESET_DIRTY_RINGS     -> -EINVAL (no ring)`,
  { since: '6.1' },
)

sequence('no rings at all', `vm: KVM_RESET_DIRTY_RINGS -> -EINVAL (unknown ioctl)`, { until: '6.1' })
