/** KVM_ARM_VCPU_FINALIZE as it was drafted in March 2019, and as it shipped. */
import type { Comparison } from '../../../model/dialect.ts'
import { GUEST } from './guest.ts'

export const compared: readonly Comparison[] = [
  {
    about: 'a vcpu with SVE',
    drafted: 'KVM_ARM_VCPU_FINALIZE is the barrier: what configures comes before, what runs comes after, else -EPERM',
    shipped: 'the same answers, line by line; the call names the feature',
    asks: `
      ${GUEST}
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
      KVM_RUN                                             -> -EPERM (too early)
      KVM_GET_REG_LIST(n = 1000)                          -> -EPERM (too early)
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> -EPERM (too early)
      KVM_RUN                                             -> -EPERM (too early)
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> -EPERM (too late)
      KVM_GET_REG_LIST(n = 1000)                          -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> -EPERM (too late)
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> ok
      KVM_RUN                                             -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> -EPERM (too late)`,
    because: 'The explicit call was found rather compelling, after the trouble with implicit finalization.',
    source: 'Marc Zyngier, 2019-03-07: I find this rather compelling',
  },
  {
    about: 'a vcpu without SVE',
    drafted: 'the call is not needed, and is a no-op, or refused with -EPERM; after KVM_RUN it is too late',
    shipped: 'the call is not needed, and refused with -EINVAL at any time, since it names a feature that is not there',
    asks: `
      ${GUEST}
      KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)
      KVM_RUN                                 -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)`,
    because: 'Userspace ignores the failure, which is that of a kernel without the call, too.',
    source: 'Dave Martin, 2019-03-07: Userspace treats KVM_ARM_VCPU_FINALIZE() -> EINVAL as no error',
  },
  {
    about: 'userspace for kernels that do not know the call',
    drafted: 'it calls KVM_ARM_VCPU_FINALIZE all the same, and takes EINVAL for no error',
    shipped: 'so it does on every kernel, none of which knows the number of the call without a pointer',
    asks: `
      ${GUEST}
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
      vcpu0: ioctl(0xaec2)                     -> -EINVAL (unknown ioctl)
      vcpu0: KVM_GET_REG_LIST(n = 1000)        -> ok
      vcpu0: KVM_RUN                           -> ok
      vcpu0: ioctl(0xaec2)                     -> -EINVAL (unknown ioctl)`,
    because: 'Userspace can then insert the call into its init sequence, even on old kernels.',
    source: 'Dave Martin, 2019-03-07: insert this into its init sequence, even on old kernels',
  },
  {
    about: 'what is finalized',
    drafted: 'whatever the vcpu was given, SVE included, for the argument 0; flags for single features later',
    shipped: 'one feature, by its number behind a pointer; SVE is the only one there is',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
      KVM_ARM_VCPU_FINALIZE(0)                         -> -EINVAL (nothing to freeze)
      KVM_ARM_VCPU_FINALIZE(1 << 4)                    -> -EINVAL (nothing to freeze)
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok`,
    because:
      'Features that are finalized may not all have the same init cycle, so that the call is either for SVE alone or is '
      + 'told what it applies to.',
    source: 'Marc Zyngier, 2019-03-07: it takes some argument that allow specifying the feature set it applies to',
  },
  {
    about: 'whether the kernel reports what needs finalizing',
    drafted: 'it does not: that is documented, and enforced when the vcpu runs',
    shipped: 'the same: a vcpu that asked for nothing runs, one that asked for SVE is refused until it is finalized',
    asks: `
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                    -> ok
      vcpu0: KVM_RUN(immediate_exit)                              -> -EINTR (immediate_exit)
      vm1 = KVM_CREATE_VM(0)                                      -> ok
      vm1: KVM_CREATE_VCPU(0)                                     -> ok
      vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
      vm1.vcpu0: KVM_RUN(immediate_exit)                          -> -EPERM (too early)`,
    because: 'The requirement is opt-in, and userspace that gets it wrong finds out quickly.',
    source:
      "Dave Martin, 2019-03-07: I'd rather not have any explicit reporting of whether finalization is needed or not",
  },
  {
    about: 'KVM_REG_ARM64_SVE_VLS',
    drafted: 'a register of its own sequencing, or a couple of ioctls to get and set it',
    shipped: 'the register: writable before finalization, readable always',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x1
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x1`,
    because:
      'A register makes migration to a mismatched destination easier to detect, and it was left to minimise churn.',
    source: "Dave Martin, 2019-03-07: If there's no strong view either way, I'll leave it as-is",
  },
]
