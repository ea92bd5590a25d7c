/** KVM_ARM_VCPU_INIT a second time: what it may change, and what one that was refused leaves behind. */
import { sequence } from '../../harness/suite/sequence.ts'

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
