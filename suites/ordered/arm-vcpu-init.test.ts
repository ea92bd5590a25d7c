/** KVM_ARM_VCPU_INIT: first of all calls on a vcpu, and what a later one may change. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu does nothing before KVM_ARM_VCPU_INIT',
  `
  KVM_RUN(immediate_exit)                 -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
`,
)

sequence(
  'each vcpu is initialised on its own',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_RUN(immediate_exit)           -> -ENOEXEC (not initialised)
  vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
`,
)

sequence(
  'the preferred target is a target of KVM_ARM_VCPU_INIT',
  `
  vm: KVM_ARM_PREFERRED_TARGET             -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
`,
)

sequence(
  'the preferred target is KVM_ARM_TARGET_GENERIC_V8 on every CPU',
  `
  vm: KVM_ARM_PREFERRED_TARGET                                                 -> ok = KVM_ARM_TARGET_GENERIC_V8
  vcpu0: KVM_ARM_VCPU_INIT(target = KVM_ARM_TARGET_GENERIC_V8, features[] = 0) -> ok
`,
  { since: '6.12' },
)

sequence(
  'a target that no kernel knows is refused before features are looked at',
  `
  KVM_ARM_VCPU_INIT(target = 6, features[] = 0)       -> -EINVAL (target)
  KVM_ARM_VCPU_INIT(target = 0xffffffff, features[] = 0)      -> -EINVAL (target)
  KVM_ARM_VCPU_INIT(target = 6, features[] = 1 << 31) -> -EINVAL (target)
  KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
`,
)

sequence(
  'an unknown feature bit is refused, in the first word and in the others',
  `
  KVM_ARM_VCPU_INIT(features[] = 1 << 9)   -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 31)  -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 32)  -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 223) -> -ENOENT (unknown feature)
  KVM_RUN(immediate_exit)                  -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
`,
)

sequence(
  'KVM_ARM_VCPU_HAS_EL2 is unknown before 7.2',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2)      -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2_E2H0) -> -ENOENT (unknown feature)
`,
  { until: '7.2' },
)

sequence(
  'KVM_ARM_VCPU_HAS_EL2 is refused by a host without nested virtualization',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> -EINVAL (not offered)
  KVM_ARM_VCPU_INIT(features[] = 0)                    -> ok
`,
  { since: '7.2' },
)

sequence(
  'KVM_ARM_VCPU_SVE is refused by a host without SVE',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> -EINVAL (not offered)
  KVM_RUN(immediate_exit)                          -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = 0)                -> ok
  KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
`,
)

sequence(
  'an unknown feature bit is noticed before a feature that the host lacks',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2 | 1 << 31) -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | 1 << 31)     -> -ENOENT (unknown feature)
`,
)

sequence(
  'the two halves of pointer authentication come together',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS)                                -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_GENERIC)                                -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS | KVM_ARM_VCPU_PTRAUTH_GENERIC) -> ok
`,
)

sequence(
  'an unknown feature bit is noticed before half of pointer authentication',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS | 1 << 31) -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS | 1 << 32) -> -ENOENT (unknown feature)
`,
)

sequence(
  'a vcpu can be initialised again with the same features, also after it ran',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu cannot be initialised again with other features',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                     -> -EINVAL (changed mind)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`,
)

sequence(
  'a refused second KVM_ARM_VCPU_INIT leaves the vcpu as it was',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                     -> -EINVAL (changed mind)
  KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
`,
)

sequence(
  'KVM_ARM_VCPU_POWER_OFF belongs to the features that may not change',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                      -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> -EINVAL (changed mind)
`,
  { until: '6.12' },
)

sequence(
  'KVM_ARM_VCPU_POWER_OFF may differ in every KVM_ARM_VCPU_INIT',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
`,
  { since: '6.12' },
)

sequence(
  'the boot vcpu runs and the others wait powered off',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                          -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF | KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                        -> -EINTR (immediate_exit)
  vcpu1: KVM_RUN(immediate_exit)                                                        -> -EINTR (immediate_exit)
`,
)

sequence(
  'vcpus of one VM have features of their own',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`,
  { until: '6.12' },
)

sequence(
  'vcpus of one VM have the same features',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
`,
  { since: '6.12' },
)

sequence(
  'a vcpu created after the first KVM_ARM_VCPU_INIT has the features of the first',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_CREATE_VCPU(1)                                           -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                     -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`,
  { since: '6.12' },
)

sequence(
  'the first of two vcpus cannot have a 32-bit EL1, since the other counts as 64-bit',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> -EINVAL (another width)
`,
  { until: '6.1' },
)

sequence(
  'all vcpus of a VM have the register width of the first',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                      -> -EINVAL (another width)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'the register width is one of the features that all vcpus share',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                      -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
`,
  { since: '6.12' },
)

sequence(
  'features of a KVM_ARM_VCPU_INIT that met an unknown bit stay with the vcpu',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | 1 << 31) -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_RUN(immediate_exit)                                    -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                    -> ok
`,
  { until: '6.12' },
)

sequence(
  'features of a KVM_ARM_VCPU_INIT that met an unknown bit are forgotten',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | 1 << 31) -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                    -> -EINVAL (not enabled)
`,
  { since: '6.12' },
)

sequence(
  'a refused KVM_ARM_VCPU_INIT with a 32-bit EL1 fixes the width of the VM',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT | KVM_ARM_VCPU_PTRAUTH_ADDRESS) -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = 0)                                                     -> -EINVAL (another width)
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'a refused KVM_ARM_VCPU_INIT with a 32-bit EL1 leaves the VM free',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT | KVM_ARM_VCPU_PTRAUTH_ADDRESS) -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = 0)                                                     -> ok
`,
  { since: '6.12' },
)

sequence(
  'a vcpu whose KVM_ARM_VCPU_INIT failed after SVE was given stays one with SVE',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | KVM_ARM_VCPU_PTRAUTH_ADDRESS) -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_GET_REG_LIST(n = 1000)                                                      -> -EPERM (too early)
  KVM_RUN(immediate_exit)                                                         -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                         -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_RUN(immediate_exit)                                                         -> -EINTR (immediate_exit)
`,
  { until: '6.12' },
)

sequence(
  'a vcpu whose KVM_ARM_VCPU_INIT failed is as before',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | KVM_ARM_VCPU_PTRAUTH_ADDRESS) -> -EINVAL (half of PTRAUTH)
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_RUN(immediate_exit)                                                         -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                         -> -EINVAL (not enabled)
`,
  { since: '6.12' },
)

sequence(
  'struct kvm_vcpu_init is read before its target is looked at',
  `
  vcpu0: KVM_ARM_VCPU_INIT(&unmapped, target = 0xffffffff, features[] = 0)  -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(31), target = 0xffffffff, features[] = 0) -> -EFAULT (bad pointer)
`,
)
