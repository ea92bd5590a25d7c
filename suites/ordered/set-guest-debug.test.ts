/** KVM_SET_GUEST_DEBUG: the bits of its control word. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'four control bits are known, before the vcpu is initialised and after',
  `
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                                                          -> ok
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_SINGLESTEP)                                               -> ok
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | 1 << 2)                                          -> -EINVAL (unknown control bits)
  KVM_SET_GUEST_DEBUG(1 << 31)                                                               -> -EINVAL (unknown control bits)
  KVM_SET_GUEST_DEBUG(1 << 18)                                                               -> -EINVAL (unknown control bits)
  KVM_SET_GUEST_DEBUG(0, pad = 1)                                                            -> ok
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW, arch.dbg_bcr = 0x1e5, arch.dbg_wvr = 1 << 1023) -> ok
  KVM_RUN(immediate_exit)                                                                    -> -EINTR (immediate_exit)
  KVM_SET_GUEST_DEBUG(&short(519), 0)                                                        -> -EFAULT (bad pointer)
  KVM_SET_GUEST_DEBUG(&unmapped, 1 << 2)                                                     -> -EFAULT (bad pointer)
`,
)

sequence(
  'a guest that is stepped leaves after an instruction, and runs on when it is no more',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                                          -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP)                         -> ok
  KVM_RUN                                                                                    -> ok = KVM_EXIT_DEBUG
  KVM_SET_GUEST_DEBUG(0)                                                                     -> ok
  KVM_RUN                                                                                    -> ok = KVM_EXIT_MMIO
`,
)

const brkWhileStepped = (pstate: string) => `
  KVM_ARM_VCPU_INIT(features[] = 0)                                                          -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(breakpoint)) -> ok
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP)                         -> ok
  KVM_RUN                                                                                    -> ok = KVM_EXIT_DEBUG
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate))                                         -> ok = ${pstate}
  KVM_RUN                                                                                    -> ok = KVM_EXIT_DEBUG
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate))                                         -> ok = ${pstate}
`
sequence('a guest that leaves at a BRK does not show that it was to be stepped', brkWhileStepped('0x3c5'), {
  since: '6.1',
})
sequence('in 5.10 it does', brkWhileStepped('0x2003c5'), { until: '6.1' })
