/** What became of many registers at a time and of a list of them with sizes, beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

export const comparedMany: readonly Comparison[] = [
  {
    about: 'many registers with one call',
    drafted: 'KVM_GET_MANY_REGS and KVM_SET_MANY_REGS with a stream of exactly the bytes of the registers',
    shipped: 'never: a vcpu is copied with a call for each register',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0) -> ok
      vcpu0: ioctl(0xc018aead)          -> -EINVAL (unknown ioctl)
      vcpu0: ioctl(0x4018aead)          -> -EINVAL (unknown ioctl)`,
    because: 'It would be an ioctl still, not for the fast path, at which point one register at a time is still ok.',
    source: 'Alexander Graf, in reply to Scott Wood, 2012-01: we can cross that bridge when we get to it',
  },
  {
    about: 'a list of the registers that there are',
    drafted: 'an id and a size for each',
    shipped: 'KVM_GET_REG_LIST gives ids, in which the size is; n tells how many there are where it was too small',
    asks: `
      vcpu0: KVM_GET_REG_LIST(n = 0)    -> -ENOEXEC (not initialised)
      KVM_ARM_VCPU_INIT(features[] = 0) -> ok
      vcpu0: ioctl(0xc008aeb8)          -> -EINVAL (unknown ioctl)
      KVM_GET_REG_LIST(n = 0)           -> -E2BIG (n too small)
      KVM_GET_REG_LIST(n = 1000)        -> ok`,
    because: 'With a list userspace does not have to know about every register in order to migrate.',
    source: 'Scott Wood, 2012-01-04: a list of supported registers (with sizes)',
  },
  {
    about: 'state that no register of the architecture shows',
    drafted: 'in the list, like a pending doorbell exception or an MCAR to be set later',
    shipped: 'half of it: firmware pseudo-registers are in the list, a pending SError is got by KVM_GET_VCPU_EVENTS',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)             -> ok
      KVM_GET_VCPU_EVENTS                                   -> ok`,
    because: 'What is needed to migrate may be non-architecturally-readable state that needs to be preserved.',
    source: 'Scott Wood, 2012-01-04: such as a pending book3e doorbell exception, or the MCAR to be set',
  },
  {
    about: 'a capability for each new register',
    drafted: 'not needed where a list tells, as it was for KVM_CAP_PPC_HIOR',
    shipped: 'a feature that has registers has a capability, and its registers are listed only with it',
    asks: `
      kvm: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG)     -> ok = 1
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)      -> ok
      vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> -ENOENT (vcpu without SVE)`,
    because: 'A list could also avoid the need for explicit capabilities in some situations.',
    source: 'Scott Wood, 2012-01-04: when new registers are added (like KVM_CAP_PPC_HIOR)',
  },
]
