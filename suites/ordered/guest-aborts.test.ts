/** External aborts that userspace has a guest take, mostly instead of the answer to an access. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, PSTATE, X } from '../../harness/names/index.ts'

const ESR_EL1 = 'ARM64_SYS_REG(3, 0, 5, 2, 0)'
const FAR_EL1 = 'ARM64_SYS_REG(3, 0, 6, 0, 0)'
const ELR_EL1 = 'KVM_REG_ARM_CORE_REG(elr_el1)'
const SPSR_EL1 = 'KVM_REG_ARM_CORE_REG(spsr[0])'
const ABORT = 'KVM_SET_VCPU_EVENTS(exception.ext_dabt_pending = 1) -> ok'
const VECTOR = '0x200'

const guest = (program: string) => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${program})) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`
/** It has left to load; the access is at 0x8, the store behind it at 0xc. */
const loading = `${guest('aborted')}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.is_write)                 -> ok = 0
  KVM_GET_ONE_REG(${PC})                 -> ok = 0x8
`
const SYNDROME = '0x96000010'
/** The guest has taken the abort at `at`: what its handler has seen. */
const handled = (at: string, syndrome = SYNDROME) => `
  kvm_run(mmio.is_write)                 -> ok = 1
  kvm_run(mmio.data)                     -> ok = ${VECTOR}
  KVM_GET_ONE_REG(${PC})                 -> ok = 0x218
  KVM_GET_ONE_REG(${X(1)})               -> ok = ${syndrome}
  KVM_GET_ONE_REG(${X(2)})               -> ok = 0x10000000
  KVM_GET_ONE_REG(${X(3)})               -> ok = ${at}
  KVM_GET_ONE_REG(${X(4)})               -> ok = 0x3c5
`
const ofVector = `
  KVM_GET_ONE_REG(${PC})                 -> ok = ${VECTOR}
  KVM_GET_ONE_REG(${PSTATE})             -> ok = 0x3c5
  KVM_GET_ONE_REG(${ELR_EL1})            -> ok = 0x8
  KVM_GET_ONE_REG(${SPSR_EL1})           -> ok = 0x3c5
`

/** The abort has come at once, and what was to be loaded is told after it. */
const abortedAtOnce = `${loading}
  ${ABORT}
  ${ofVector}
  KVM_GET_ONE_REG(${ESR_EL1})            -> ok = ${SYNDROME}
  KVM_GET_ONE_REG(${FAR_EL1})            -> ok = 0x10000000
  kvm_run(mmio.data = 0x77)              -> ok
`

sequence(
  'a load that userspace aborts has the guest take an external abort, from which it goes back to load again',
  `${loading}
  ${ABORT}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  ${handled('0x8')}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.is_write)                 -> ok = 0
  KVM_GET_ONE_REG(${PC})                 -> ok = 0x8
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0
  kvm_run(mmio.data = 0x1122334455667788) -> ok
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0x1122334455667788
`,
  { since: '6.12' },
)

sequence(
  'a store that userspace aborts has the guest take an external abort',
  `${loading}
  kvm_run(mmio.data = 0x55)              -> ok
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.is_write)                 -> ok = 1
  ${ABORT}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  ${handled('0xc')}
`,
  { since: '6.12' },
)

sequence(
  'in 6.1 the sign of the class fills the upper half of the syndrome',
  `${loading}
  ${ABORT}
  KVM_GET_ONE_REG(${ESR_EL1})            -> ok = 0xffffffff96000010
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(3)})               -> ok = 0x8
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'in 5.10 the guest is at its vector at once, and the load is completed all the same: an instruction is missed',
  `${abortedAtOnce}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.data)                     -> ok = 0
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0x77
`,
  { until: '6.1' },
)

sequence(
  'from 6.1 on ESR_EL1 and FAR_EL1 tell of it at once, and KVM_RUN alone brings the guest to its vector',
  `${loading}
  ${ABORT}
  KVM_GET_ONE_REG(${PC})                 -> ok = 0x8
  KVM_GET_ONE_REG(${FAR_EL1})            -> ok = 0x10000000
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  ${ofVector}
  kvm_run(mmio.data = 0x77)              -> ok
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.data)                     -> ok = 0
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0x77
`,
  { since: '6.1', until: '7.2' },
)

sequence(
  'from 7.2 on the guest is at its vector at once, and the load is none any more',
  `${abortedAtOnce}
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${PC})                 -> ok = ${VECTOR}
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  ${handled('0x8')}
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0
`,
  { since: '7.2' },
)

sequence(
  'from 7.2 on a second abort is taken at the vector of the first, before an SError whose syndrome is refused',
  `${loading}
  ${ABORT}
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.ext_dabt_pending = 1, exception.serror_esr = 0x2000000) -> -EINVAL (syndrome)
  KVM_GET_ONE_REG(${PC})                 -> ok = ${VECTOR}
  KVM_GET_ONE_REG(${ELR_EL1})            -> ok = ${VECTOR}
`,
  { since: '7.2' },
)

sequence(
  'an abort that is due outlives KVM_ARM_VCPU_INIT, and is taken where the guest would begin',
  `${loading}
  ${ABORT}
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_GET_ONE_REG(${PC})                 -> ok = 0
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${PC})                 -> ok = 0x218
  KVM_GET_ONE_REG(${X(3)})               -> ok = 0
`,
  { since: '6.1', until: '7.2' },
)

sequence(
  'an access that the CPU does not describe is answered by an external abort, too',
  `${guest('no-syndrome')}
  vm: KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER) -> ok
  KVM_RUN                                -> ok = KVM_EXIT_ARM_NISV
  ${ABORT}
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(${PC})                 -> ok = ${VECTOR}
  KVM_GET_ONE_REG(${ELR_EL1})            -> ok = 0x4
  KVM_GET_ONE_REG(${FAR_EL1})            -> ok = 0x10000000
`,
)

/** Without a guest that has run, and without memory. */
const neverRan = `
  KVM_ARM_VCPU_INIT(features[] = 0)      -> ok
  ${ABORT}
`
const atVector = `
  KVM_GET_ONE_REG(${PC})                 -> ok = ${VECTOR}
  KVM_GET_ONE_REG(${PSTATE})             -> ok = 0x3c5
  KVM_GET_ONE_REG(${ELR_EL1})            -> ok = 0
`

sequence(
  'in 5.10 a vcpu that has never run is at its vector at once',
  `${neverRan}
  ${atVector}
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  ${atVector}
`,
  { until: '6.1' },
)

sequence(
  'from 6.1 on a vcpu that has never run is brought to its vector by KVM_RUN',
  `${neverRan}
  KVM_GET_ONE_REG(${PC})                 -> ok = 0
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  ${atVector}
`,
  { since: '6.1', until: '7.2' },
)

sequence(
  'from 7.2 on a vcpu that has never run is at its vector at once',
  `${neverRan}
  ${atVector}
  KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  ${atVector}
`,
  { since: '7.2' },
)
