/** KVM_GET_VCPU_EVENTS and KVM_SET_VCPU_EVENTS: an SError that is pending. */
import { sequence } from '../../harness/suite/sequence.ts'

/** 0aa1b76fe142 KVM: arm64: Prevent access to vCPU events before init. */
const fixed = ['6.18', '6.1.187', '6.12.108', '6.17.13']

sequence(
  'events can be asked for before KVM_ARM_VCPU_INIT',
  `
  vcpu0: KVM_GET_VCPU_EVENTS                               -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 0) -> ok
`,
  { until: fixed },
)

sequence(
  'there are no events before KVM_ARM_VCPU_INIT',
  `
  vcpu0: KVM_GET_VCPU_EVENTS                               -> -ENOEXEC (not initialised)
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1) -> -ENOEXEC (not initialised)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                 -> ok
  vcpu0: KVM_GET_VCPU_EVENTS                               -> ok
`,
  { since: fixed },
)

sequence(
  'an SError is pending with its syndrome of 25 bits',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                                                 -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x1ffffff) -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x2000000) -> -EINVAL (syndrome)
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_has_esr = 1, exception.serror_esr = 0x2000000)                               -> ok
`,
)

sequence(
  'a host without RAS gives no SError a syndrome',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1) -> -EINVAL (no syndromes)
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_has_esr = 1)                               -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1)                               -> ok
`,
)

sequence(
  'fields of struct kvm_vcpu_events that are not defined are 0',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                             -> ok
  vcpu0: KVM_SET_VCPU_EVENTS(exception.pad = 0x1)                      -> -EINVAL (reserved fields)
  vcpu0: KVM_SET_VCPU_EVENTS(reserved = 0x1)                           -> -EINVAL (reserved fields)
  vcpu0: KVM_SET_VCPU_EVENTS(&short(63), exception.serror_pending = 1) -> -EFAULT (bad pointer)
  vcpu0: KVM_GET_VCPU_EVENTS(&readonly)                                -> -EFAULT (bad pointer)
`,
)

sequence(
  'an SError is delivered at once where PSTATE does not mask it',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x5)                        -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1) -> ok
  KVM_GET_VCPU_EVENTS                                                             -> ok = { exception.serror_has_esr = 1 }
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 5, 2, 0))                                   -> ok = 0xbe000000
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x2c5)                      -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x1ffffff) -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 5, 2, 0))                                   -> ok = 0xbfffffff
`,
  { since: '7.2' },
)

sequence(
  'an SError that is delivered before the guest ran has no length of an instruction',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x5)                        -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1) -> ok
  KVM_GET_VCPU_EVENTS                                                             -> ok = { exception.serror_has_esr = 1 }
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 5, 2, 0))                                   -> ok = 0xbc000000
`,
  { since: '6.17', until: '7.2' },
)

sequence(
  'an SError stays pending however often it is asked for',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x123) -> ok
  KVM_GET_VCPU_EVENTS -> ok = { exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 291 }
  KVM_GET_VCPU_EVENTS -> ok = { exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 291 }
`,
)

sequence(
  'an external abort that is asked for together with an SError that is refused is not delivered',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 5, 2, 0), &0x123) -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x2000000, exception.ext_dabt_pending = 1) -> -EINVAL (syndrome)
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 5, 2, 0)) -> ok = 0x123
  KVM_GET_VCPU_EVENTS -> ok = { exception.serror_has_esr = 1 }
`,
  { until: '6.17' },
)

sequence(
  'KVM_ARM_VCPU_INIT takes an SError back as long as the vcpu has not run, and nothing of its syndrome is told',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_SET_VCPU_EVENTS(exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x123) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_GET_VCPU_EVENTS -> ok = { exception.serror_has_esr = 1 }
`,
)
