/** KVM_RUN: what must come before the first one, and what comes back. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'KVM_RUN takes no argument, not even before KVM_ARM_VCPU_INIT',
  `
  KVM_RUN(immediate_exit, arg = 1)  -> -EINVAL (argument)
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_RUN(immediate_exit, arg = 1)  -> -EINVAL (argument)
  KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu runs without memory and without an interrupt controller',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  KVM_RUN                           -> -EINTR (signal)
`,
)

sequence(
  'KVM_RUN on a vcpu that is powered off waits until a signal comes',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  KVM_RUN(immediate_exit)                                -> -EINTR (immediate_exit)
  KVM_RUN                                                -> -EINTR (signal)
  KVM_RUN                                                -> -EINTR (signal)
`,
)

sequence(
  'a vcpu with a PMU runs although the PMU was not set up',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
  KVM_RUN(immediate_exit)                             -> -EINTR (immediate_exit)
`,
  { until: '6.1' },
)

sequence(
  'a vcpu with a PMU does not run before the PMU is set up, which leaves the VM alive',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
  KVM_RUN(immediate_exit)                             -> -EINVAL (PMU not set up)
  KVM_RUN(immediate_exit)                             -> -EINVAL (PMU not set up)
  vm: KVM_CREATE_VCPU(1)                              -> ok
`,
  { since: '6.1' },
)

sequence(
  'SVE that is not finalized is noticed before a PMU that is not set up',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3 | KVM_ARM_VCPU_SVE) -> ok
  KVM_RUN(immediate_exit)                                                -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                -> ok
  KVM_RUN(immediate_exit)                                                -> -EINVAL (PMU not set up)
`,
  { since: '6.1' },
)
