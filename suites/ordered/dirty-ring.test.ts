/** The ring of dirty pages that each vcpu has with KVM_CAP_DIRTY_LOG_RING_ACQ_REL: what is in it, and who takes it out. */
import { sequence } from '../../harness/suite/sequence.ts'

const ofSlot1 = (size: string, flags = 'flags = KVM_MEM_LOG_DIRTY_PAGES, ') =>
  `vm: KVM_SET_USER_MEMORY_REGION(slot = 1, ${flags}guest_phys_addr = 0x100000, memory_size = ${size}, userspace_addr = &ram + 0x100000) -> ok`
const x1 = (value: string, vcpu = 'vcpu0') =>
  `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[1]), &${value}) -> ok`
const x3 = (value: string, vcpu = 'vcpu0') =>
  `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[3]), &${value}) -> ok`
const guest = (program: string, size: string, flags?: string) => `
   vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000) -> ok
   vm: KVM_CREATE_VCPU(0)                                               -> ok
   vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                             -> ok
   vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${program})) -> ok
   ${ofSlot1(size, flags)}`
const DIRTY = 'KVM_DIRTY_GFN_F_DIRTY'
const RESET = 'KVM_DIRTY_GFN_F_RESET'

sequence(
  'a page is in the ring once, however often the guest stores to it, until it was taken back',
  `${guest('store-at', '0x10000')}
   ${x1('0x102000')}
   ${x3('0x105ffc')}
   vcpu0: kvm_dirty_gfn(0)                 -> ok = {}
   vcpu0: KVM_RUN                          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(0)                 -> ok = { flags = 1, slot = 1, offset = 2 }
   vcpu0: kvm_dirty_gfn(1)                 -> ok = { flags = 1, slot = 1, offset = 5 }
   vcpu0: kvm_dirty_gfn(2)                 -> ok = {}
   vcpu0: KVM_RUN                          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(2)                 -> ok = {}
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 0
   vcpu0: kvm_dirty_gfn(1, flags = ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 0
   vcpu0: kvm_dirty_gfn(0, flags = ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 2
   vcpu0: kvm_dirty_gfn(0)                 -> ok = { slot = 1, offset = 2 }
   vcpu0: kvm_dirty_gfn(1)                 -> ok = { slot = 1, offset = 5 }
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 0
   vcpu0: KVM_RUN                          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(0)                 -> ok = { slot = 1, offset = 2 }
   vcpu0: kvm_dirty_gfn(2)                 -> ok = { flags = 1, slot = 1, offset = 2 }
   vcpu0: kvm_dirty_gfn(3)                 -> ok = { flags = 1, slot = 1, offset = 5 }
   vcpu0: kvm_dirty_gfn(2, flags = ${DIRTY} | ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 1
   vcpu0: kvm_dirty_gfn(3)                 -> ok = { flags = 1, slot = 1, offset = 5 }
   vcpu0: KVM_RUN                          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(4)                 -> ok = { flags = 1, slot = 1, offset = 2 }
   vcpu0: kvm_dirty_gfn(5)                 -> ok = {}`,
  { since: '6.12' },
)

sequence(
  'an entry that was never filled is taken back like another, and there is no room for the next page',
  `${guest('store-at', '0x10000')}
   ${x1('0x102000')}
   ${x3('0x105ffc')}
   vcpu0: kvm_dirty_gfn(0, flags = ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS               -> ok = 1
   vm: KVM_SET_USER_MEMORY_REGION(slot = 2, guest_phys_addr = 0x10000000, memory_size = 0x1000, userspace_addr = &ram + 0x120000) -> ok
   vcpu0: KVM_RUN                          -> -EINTR (signal)`,
  { since: '6.12' },
)

sequence(
  'each vcpu has a ring of its own, and KVM_RESET_DIRTY_RINGS is for all of them',
  `${guest('store-at', '0x10000')}
   vm: KVM_CREATE_VCPU(1)                    -> ok
   vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)  -> ok
   ${x1('0x100000')}
   ${x3('0x101000')}
   ${x1('0x101000', 'vcpu1')}
   ${x3('0x102000', 'vcpu1')}
   vcpu0: KVM_RUN                            -> ok = KVM_EXIT_MMIO
   vcpu1: KVM_RUN                            -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(1)                   -> ok = { flags = 1, slot = 1, offset = 1 }
   vcpu1: kvm_dirty_gfn(0)                   -> ok = { flags = 1, slot = 1, offset = 2 }
   vcpu1: kvm_dirty_gfn(1)                   -> ok = {}
   vcpu1: kvm_dirty_gfn(0, flags = ${RESET}) -> ok
   vcpu0: kvm_dirty_gfn(0, flags = ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS                 -> ok = 2`,
  { since: '6.12' },
)

/**
 * So many pages a KVM_RUN, which is short then, and another slot for each. The guest adds a page to x1 before it goes on,
 * where it has left for a store without memory.
 */
const PAGES = 48
const run = (slot: number, exit: string, x = `0x${slot - 1}ff000`) => `
   vm: KVM_SET_USER_MEMORY_REGION(slot = ${slot}, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x${slot}00000, memory_size = 0x${PAGES.toString(16)}000, userspace_addr = &ram + 0x100000) -> ok
   ${x1(x)}
   vcpu0: KVM_RUN -> ok = ${exit}`
const harvest = (from: number, n: number) =>
  Array.from({ length: n }, (_, i) => `vcpu0: kvm_dirty_gfn(${(from + i) % 256}, flags = ${RESET}) -> ok`).join('\n')

sequence(
  'a ring that is full but for 64 entries ends KVM_RUN until some are taken back; behind its last entry comes the first',
  `${guest('store-pages', '0x1000', '')}
   ${run(2, 'KVM_EXIT_MMIO', '0x200000')}
   vcpu0: kvm_dirty_gfn(0)                                      -> ok = { flags = 1, slot = 2 }
   vcpu0: kvm_dirty_gfn(47)                                     -> ok = { flags = 1, slot = 2, offset = 47 }
   vcpu0: kvm_dirty_gfn(48)                                     -> ok = {}
   ${run(3, 'KVM_EXIT_MMIO')}
   ${run(4, 'KVM_EXIT_MMIO')}
   ${run(5, 'KVM_EXIT_DIRTY_RING_FULL')}
   vcpu0: kvm_dirty_gfn(191)                                    -> ok = { flags = 1, slot = 5, offset = 47 }
   vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[1]))   -> ok = 0x52f000
   vcpu0: KVM_RUN                                               -> ok = KVM_EXIT_DIRTY_RING_FULL
   vcpu0: kvm_run(exit_reason)                                  -> ok = KVM_EXIT_DIRTY_RING_FULL
   vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
   vm: KVM_RESET_DIRTY_RINGS                                    -> ok = 0
   vcpu0: KVM_RUN                                               -> ok = KVM_EXIT_DIRTY_RING_FULL
   vcpu0: kvm_dirty_gfn(0, flags = ${RESET})                    -> ok
   vm: KVM_RESET_DIRTY_RINGS                                    -> ok = 1
   vcpu0: KVM_RUN                                               -> ok = KVM_EXIT_MMIO
   ${run(6, 'KVM_EXIT_DIRTY_RING_FULL')}
   vcpu0: kvm_dirty_gfn(192)                                    -> ok = { flags = 1, slot = 6 }
   vcpu0: kvm_dirty_gfn(193)                                    -> ok = {}
   ${harvest(1, 100)}
   vm: KVM_RESET_DIRTY_RINGS                                    -> ok = 100
   vcpu0: KVM_RUN                                               -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(239)                                    -> ok = { flags = 1, slot = 6, offset = 47 }
   ${run(7, 'KVM_EXIT_MMIO')}
   vcpu0: kvm_dirty_gfn(255)                                    -> ok = { flags = 1, slot = 7, offset = 15 }
   vcpu0: kvm_dirty_gfn(0)                                      -> ok = { flags = 1, slot = 7, offset = 16 }
   vcpu0: kvm_dirty_gfn(31)                                     -> ok = { flags = 1, slot = 7, offset = 47 }
   vcpu0: kvm_dirty_gfn(32)                                     -> ok = { slot = 2, offset = 32 }
   ${harvest(101, 187)}
   vm: KVM_RESET_DIRTY_RINGS                                    -> ok = 187
   vcpu0: kvm_dirty_gfn(0)                                      -> ok = { slot = 7, offset = 16 }`,
  { since: '6.12' },
)

sequence(
  'a slot that does not log is in no ring, nor what was stored to before it logged; a slot that logs anew is',
  `${guest('store-at', '0x10000', '')}
   ${x1('0x100000')}
   ${x3('0x101000')}
   vcpu0: KVM_RUN          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(0) -> ok = {}
   ${ofSlot1('0x10000')}
   vcpu0: kvm_dirty_gfn(0) -> ok = {}
   vcpu0: KVM_RUN          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(0) -> ok = { flags = 1, slot = 1 }
   ${ofSlot1('0x10000')}
   vcpu0: KVM_RUN          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(2) -> ok = {}
   ${ofSlot1('0x10000', '')}
   vcpu0: KVM_RUN          -> ok = KVM_EXIT_MMIO
   ${ofSlot1('0x10000')}
   vcpu0: kvm_dirty_gfn(2) -> ok = {}
   vcpu0: KVM_RUN          -> ok = KVM_EXIT_MMIO
   vcpu0: kvm_dirty_gfn(2) -> ok = { flags = 1, slot = 1 }
   vcpu0: kvm_dirty_gfn(3) -> ok = { flags = 1, slot = 1, offset = 1 }
   vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x0, memory_size = 0x0) -> ok
   vcpu0: kvm_dirty_gfn(0, flags = ${RESET}) -> ok
   vm: KVM_RESET_DIRTY_RINGS                 -> ok = 1`,
  { since: '6.12' },
)

sequence(
  'a ring has as many entries as it was told, and there is none without it',
  `vcpu0: kvm_dirty_gfn(0)                                                   -> -EFAULT (no ring)
   vcpu0: kvm_dirty_gfn(0xffff, flags = ${RESET})                            -> -EFAULT (no ring)
   vm: kvm_dirty_gfn(0)                                                      -> -ENODEV (no vcpu)`,
)

sequence(
  'entries of a ring lie behind each other in whole pages',
  `vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x2000) -> ok
   vm: KVM_CREATE_VCPU(0)                           -> ok
   vcpu0: kvm_dirty_gfn(511)                        -> ok = {}
   vcpu0: kvm_dirty_gfn(512)                        -> -EFAULT (past the ring)
   vcpu0: kvm_dirty_gfn(256, flags = 0x80000002)    -> ok
   vcpu0: kvm_dirty_gfn(256)                        -> ok = { flags = 0x80000002 }
   vcpu0: kvm_dirty_gfn(0)                          -> ok = {}
   vm: KVM_RESET_DIRTY_RINGS                        -> ok = 0`,
  { since: '6.12' },
)
