/** A vcpu that nobody wakes, and a list after it. */
import { sequence } from '../../../../../harness/suite/sequence.ts'

sequence(
  'waits for ever',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  KVM_RUN(no signal)                                     -> ok
`,
)

sequence(
  'is played after it',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
`,
)
