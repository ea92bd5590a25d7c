/** KVM_ARM_SET_COUNTER_OFFSET: any offset, at any time, as often as one likes. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'before 6.4 counters have no offset',
  `
  KVM_ARM_SET_COUNTER_OFFSET(0x0) -> -EINVAL (unknown ioctl)
`,
  { until: '6.12' },
)

sequence(
  'any offset is taken, without vcpus and after a run',
  `
  KVM_ARM_SET_COUNTER_OFFSET(0x1)                             -> ok
  KVM_ARM_SET_COUNTER_OFFSET(0xffffffffffffffff)              -> ok
  KVM_ARM_SET_COUNTER_OFFSET(0x0, reserved = 0x1)             -> -EINVAL (reserved fields)
  KVM_ARM_SET_COUNTER_OFFSET(&short(15), 0x0, reserved = 0x1) -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                    -> ok
  vcpu0: KVM_RUN(immediate_exit)                              -> -EINTR (immediate_exit)
  KVM_ARM_SET_COUNTER_OFFSET(0x8000000000000000)              -> ok
  KVM_ARM_SET_COUNTER_OFFSET(0x0)                             -> ok
  vcpu0: KVM_ARM_SET_COUNTER_OFFSET(0x0)                      -> -EINVAL (unknown ioctl)
`,
  { since: '6.12' },
)
