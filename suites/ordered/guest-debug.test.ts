/** A guest that userspace debugs: step by step, and at breakpoint instructions. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, PSTATE, X } from '../../harness/names/index.ts'

const guest = (name: string) => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`
const STEP = 'KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP) -> ok'
/** A step to this pc; the syndrome has ISV where the guest executed the instruction itself. */
const step = (pc: string, hsr = '0xcb000022') => `
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = ${hsr}
  KVM_GET_ONE_REG(${PC})         -> ok = ${pc}
`
const EMULATED = '0xca000022'

sequence(
  'a breakpoint instruction leaves the guest where it is debugged, and pc stays there',
  `${guest('breakpoint')}
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = 0xf200002a
  KVM_GET_ONE_REG(${PC})         -> ok = 0
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  KVM_SET_ONE_REG(${PC}, &0x4)   -> ok
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = 0xf200002a
`,
)

sequence(
  'from 6.1 on a flag says that the syndrome has an upper half',
  `${guest('breakpoint')}
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE) -> ok
  kvm_run(debug.arch.hsr_high = 0x55)      -> ok
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(flags)                 -> ok = 1
  kvm_run(debug.arch.hsr_high)   -> ok = 0
  KVM_SET_ONE_REG(${PC}, &0x4)   -> ok
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  kvm_run(flags)                 -> ok = 0
`,
  { since: '6.1' },
)

sequence(
  'each KVM_RUN is a step, those that KVM emulates included',
  `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${PC})         -> ok = 0x8
  ${step('0xc', EMULATED)}
  ${step('0x10')}
  ${step('0x14')}
  KVM_SET_ONE_REG(${X(0)}, &0x84000000) -> ok
  ${step('0x18', EMULATED)}
  ${step('0x18')}
  KVM_SET_GUEST_DEBUG(0)         -> ok
  KVM_RUN                        -> -EINTR (signal)
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 what KVM emulates is no step: the instruction behind it is executed, too',
  `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  ${step('0x10')}
  ${step('0x14')}
  KVM_SET_ONE_REG(${X(0)}, &0x84000000) -> ok
  ${step('0x18')}
  ${step('0x18')}
`,
  { until: '6.1' },
)

/** It leaves for an MMIO in the middle of a step. */
const leftInStep = (pstate: string) => `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  KVM_GET_ONE_REG(${PSTATE})     -> ok = 0x3c5
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${PSTATE})     -> ok = ${pstate}
  KVM_RUN(immediate_exit)        -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${PSTATE})     -> ok = 0x3c5
`

sequence('PSTATE does not tell that the guest is stepped', leftInStep('0x3c5'), { since: '6.1' })
sequence('in 5.10 it does, where the guest left for an access', leftInStep('0x2003c5'), { until: '6.1' })

sequence(
  'a KVM_RUN that does not enter the guest completes an MMIO, which is no step then',
  `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_RUN(immediate_exit)        -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${PC})         -> ok = 0xc
  ${step('0x10')}
`,
  { until: '6.14' },
)

sequence(
  'from 6.14 on it is a step all the same, of which the next KVM_RUN tells',
  `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_RUN(immediate_exit)        -> -EINTR (immediate_exit)
  ${step('0xc', EMULATED)}
  ${step('0x10')}
`,
  { since: '6.14' },
)

sequence(
  'a step into a hypercall that leaves the guest is told of later, even after KVM_ARM_VCPU_INIT',
  `${guest('hypercalls')}
  ${STEP}
  KVM_SET_ONE_REG(${X(0)}, &0x84000008) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  ${step('0', EMULATED)}
  KVM_SET_ONE_REG(${X(0)}, &0x84000008) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_SET_GUEST_DEBUG(0)         -> ok
  ${STEP}
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = 0xca000022
  KVM_GET_ONE_REG(${PC})         -> ok = 0x4
`,
  { since: '6.1' },
)

/** Stores w0 at 0x20010, which is pc 0, and w2 at 0x20020, which is pc 0x4, both memory; then leaves. */
const storing = `${guest('store-at')}
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x20000, memory_size = 0x10000, userspace_addr = &ram + 0x10000) -> ok
  KVM_SET_ONE_REG(${X(1)}, &0x20010) -> ok
  KVM_SET_ONE_REG(${X(3)}, &0x20020) -> ok
`
const withHardware = (registers: string) =>
  `KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW, ${registers}) -> ok`

sequence(
  'a breakpoint for EL1 stops the guest before the instruction, each time, until it is taken away',
  `${storing}
  ${withHardware('arch.dbg_bcr = 0x1e7, arch.dbg_bvr = 0x4')}
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = 0xc2000022
  KVM_GET_ONE_REG(${PC})         -> ok = 0x4
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  KVM_GET_ONE_REG(${PC})         -> ok = 0x4
  ${withHardware('arch.dbg_bcr = 0x1e3, arch.dbg_bvr = 0xf')}
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  KVM_GET_ONE_REG(${PC})         -> ok = 0xc
  KVM_SET_GUEST_DEBUG(0, arch.dbg_bcr = 0x1e7, arch.dbg_bvr = 0xc) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'a breakpoint for EL0, one that is not enabled, and one without KVM_GUESTDBG_USE_HW do not',
  `${storing}
  ${withHardware('arch.dbg_bcr = 0x1e5, arch.dbg_bvr = 0x4')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  ${withHardware('arch.dbg_bcr = 0x1e6, arch.dbg_bvr = 0x0')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE, arch.dbg_bcr = 0x1e7, arch.dbg_bvr = 0x0) -> ok
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'a watchpoint stops the guest before its access, and says which and where',
  `${storing}
  ${withHardware('arch.dbg_wcr = 0x1ff7, arch.dbg_wvr = 0x20020')}
  KVM_RUN                        -> ok = KVM_EXIT_DEBUG
  kvm_run(debug.arch.hsr)        -> ok = 0xd2000062
  kvm_run(debug.arch.far)        -> ok = 0x20020
  KVM_GET_ONE_REG(${PC})         -> ok = 0x4
  ${withHardware('arch.dbg_wcr = 0x1ff3, arch.dbg_wvr = 0x20018')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
`,
  { since: '6.1' },
)

sequence(
  'a watchpoint for loads lets stores pass, and one where there is no memory is never met',
  `${storing}
  ${withHardware('arch.dbg_wcr = 0x1fef, arch.dbg_wvr = 0x20020')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  ${withHardware('arch.dbg_wcr = 0x1fff, arch.dbg_wvr = 0x10000000')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
`,
)
