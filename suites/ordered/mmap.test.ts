/** mmap(2) of the pages of a vcpu by their numbers: kvm_run, the ring of coalesced MMIO, and the ring of dirty pages. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu has a page for kvm_run and one for the ring of coalesced MMIO, shared or copied, and no others',
  `
  vcpu0: kvm_coalesced_mmio_ring(first = 7)        -> ok
  vcpu0: mmap(MAP_SHARED)                          -> ok
  vcpu0: mmap(MAP_PRIVATE)                         -> ok
  vcpu0: mmap(MAP_SHARED, page = 1)                -> ok = 7
  vcpu0: mmap(MAP_PRIVATE, page = 1)               -> ok = 7
  vcpu0: mmap(MAP_PRIVATE, page = 1, value = 0x9)  -> ok
  vcpu0: mmap(MAP_SHARED, page = 1)                -> ok = 7
  vcpu0: mmap(MAP_SHARED, page = 1, value = 0x3)   -> ok
  vcpu0: kvm_coalesced_mmio_ring(first)            -> ok = 3
  vcpu0: mmap(MAP_SHARED, page = 2)                -> -EFAULT (no such page)
  vcpu0: mmap(MAP_PRIVATE, page = 2)               -> -EFAULT (no such page)
  vcpu0: mmap(MAP_SHARED, page = 63)               -> -EFAULT (no such page)
  vcpu0: mmap(MAP_SHARED, page = 64)               -> -EFAULT (no such page)
  vcpu0: mmap(MAP_PRIVATE, page = 64)              -> -EFAULT (no such page)
  vcpu0: mmap(MAP_SHARED, page = 0xffffffff)       -> -EFAULT (no such page)
  vcpu0: mmap(MAP_SHARED, page = 3, value = 0x1)   -> -EFAULT (no such page)
`,
)

sequence(
  'the pages of a ring of dirty pages are shared, and end with it',
  `
  vm = KVM_CREATE_VM(0)                                                    -> ok
  vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x2000)     -> ok
  vm: KVM_CREATE_VCPU(0)                                                   -> ok
  vcpu0: kvm_dirty_gfn(256, flags = 0x1)                                   -> ok
  vcpu0: mmap(MAP_SHARED, page = 64)                                       -> ok = 0
  vcpu0: mmap(MAP_SHARED, page = 65)                                       -> ok = 1
  vcpu0: mmap(MAP_SHARED, page = 66)                                       -> -EFAULT (no such page)
  vcpu0: mmap(MAP_SHARED, page = 63)                                       -> -EFAULT (no such page)
  vcpu0: mmap(MAP_PRIVATE, page = 64)                                      -> -EINVAL (private)
  vcpu0: mmap(MAP_PRIVATE, page = 65)                                      -> -EINVAL (private)
  vcpu0: mmap(MAP_PRIVATE, page = 66)                                      -> -EFAULT (no such page)
  vcpu0: mmap(MAP_PRIVATE, page = 63)                                      -> -EFAULT (no such page)
  vcpu0: mmap(MAP_PRIVATE, page = 1)                                       -> ok = 0
`,
  { since: '6.12' },
)
