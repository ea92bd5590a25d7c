/** KVM_ARM_VCPU_INIT: first of all calls on a vcpu, with a target and features that this host has. */
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
  KVM_ARM_VCPU_INIT(features[] = 1 << 10)  -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 31)  -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 32)  -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = 1 << 223) -> -ENOENT (unknown feature)
  KVM_RUN(immediate_exit)                  -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
`,
)

sequence(
  'KVM_ARM_VCPU_PMU_V3_STRICT is unknown before 7.3',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3_STRICT) -> -ENOENT (unknown feature)
`,
  { until: '7.3' },
)

sequence(
  'KVM_ARM_VCPU_PMU_V3_STRICT goes with KVM_ARM_VCPU_PMU_V3',
  `
  KVM_CHECK_EXTENSION(KVM_CAP_ARM_PMU_V3_STRICT)                                   -> ok = 1
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3_STRICT)                       -> -EINVAL (strict without PMU)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3_STRICT | 1 << 10)             -> -ENOENT (unknown feature)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                              -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3 | KVM_ARM_VCPU_PMU_V3_STRICT) -> -EINVAL (changed mind)
`,
  { since: '7.3' },
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
  'struct kvm_vcpu_init is read before its target is looked at',
  `
  vcpu0: KVM_ARM_VCPU_INIT(&unmapped, target = 0xffffffff, features[] = 0)  -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(31), target = 0xffffffff, features[] = 0) -> -EFAULT (bad pointer)
`,
)
