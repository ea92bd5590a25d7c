/** A guest that userspace debugs: step by step, and at breakpoint instructions. */
import { sequence } from '../../harness/suite/sequence.ts'
import { X } from '../../harness/names/index.ts'

const PC = 'KVM_REG_ARM_CORE_REG(regs.pc)'
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
  { until: '7.2' },
)

sequence(
  'from 7.2 on it is a step all the same, of which the next KVM_RUN tells',
  `${guest('store-then-off')}
  ${STEP}
  ${step('0x4')}
  ${step('0x8')}
  KVM_RUN                        -> ok = KVM_EXIT_MMIO
  KVM_RUN(immediate_exit)        -> -EINTR (immediate_exit)
  ${step('0xc', EMULATED)}
  ${step('0x10')}
`,
  { since: '7.2' },
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
