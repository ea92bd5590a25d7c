/** KVM_ARM_VCPU_FINALIZE: the table of the mail of March 2019 that proposed it, in the form that shipped. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu with SVE runs once SVE is finalized, and SVE is finalized once',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_RUN(immediate_exit)                          -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
  KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
`,
)

sequence(
  'the whole table of the mail: what is too early before KVM_ARM_VCPU_FINALIZE, and what too late after it',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
  KVM_RUN(immediate_exit)                             -> -EPERM (too early)
  KVM_GET_REG_LIST(n = 500)                           -> -EPERM (too early)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> -EPERM (too early)
  KVM_RUN(immediate_exit)                             -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> -EPERM (too late)
  KVM_GET_REG_LIST(n = 500)                           -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> -EPERM (too late)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> ok
  KVM_RUN(immediate_exit)                             -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> -EPERM (too late)
`,
)

sequence(
  'without SVE nothing needs to be finalized',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)
`,
)

sequence(
  'without SVE everything works without KVM_ARM_VCPU_FINALIZE, which changes nothing when tried',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_GET_REG_LIST(n = 500)               -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)
  KVM_GET_REG_LIST(n = 500)               -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
`,
)

sequence(
  'KVM_ARM_VCPU_FINALIZE before KVM_ARM_VCPU_INIT finds no vcpu to finalize, whatever it is asked',
  `
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)            -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_FINALIZE(0)                           -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_FINALIZE(&unmapped, KVM_ARM_VCPU_SVE) -> -ENOEXEC (not initialised)
`,
)

sequence(
  'SVE is the only feature to be finalized, and it is named by its number and not by its bit',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_POWER_OFF)       -> -EINVAL (nothing to freeze)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_PTRAUTH_ADDRESS) -> -EINVAL (nothing to freeze)
  KVM_ARM_VCPU_FINALIZE(16)                           -> -EINVAL (nothing to freeze)
  KVM_ARM_VCPU_FINALIZE(-1)                           -> -EINVAL (nothing to freeze)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
`,
)

sequence(
  'the pointer of KVM_ARM_VCPU_FINALIZE is read before it is known whether it is too late',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)   -> ok
  KVM_ARM_VCPU_FINALIZE(&unmapped, KVM_ARM_VCPU_SVE) -> -EFAULT (bad pointer)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)            -> ok
  KVM_ARM_VCPU_FINALIZE(&unmapped, KVM_ARM_VCPU_SVE) -> -EFAULT (bad pointer)
`,
)

sequence(
  'a KVM_ARM_VCPU_INIT after KVM_ARM_VCPU_FINALIZE does not undo it',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
  KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
`,
)

sequence(
  'a KVM_ARM_VCPU_INIT before KVM_ARM_VCPU_FINALIZE finalizes nothing, however often',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_RUN(immediate_exit)                          -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
`,
)

sequence(
  'each vcpu is finalized on its own',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vcpu0: KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
  vcpu1: KVM_RUN(immediate_exit)                          -> -EPERM (too early)
  vcpu1: KVM_GET_REG_LIST(n = 500)                        -> -EPERM (too early)
  vcpu1: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vcpu1: KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
  vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
`,
)

sequence(
  'a vcpu created after another was finalized begins without finalization',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_CREATE_VCPU(1)                                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu1: KVM_RUN(immediate_exit)                          -> -EPERM (too early)
`,
)
