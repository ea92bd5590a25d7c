/** KVM_ARM_VCPU_INIT of several vcpus of one VM: what they share. */
import { sequence } from '../../harness/suite/sequence.ts'

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
