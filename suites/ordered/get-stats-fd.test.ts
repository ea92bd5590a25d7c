/** KVM_GET_STATS_FD: a descriptor for the statistics of a VM, and of each of its vcpus. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  '5.10 has no statistics to be read so',
  `
  vm: KVM_GET_STATS_FD    -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_STATS_FD -> -EINVAL (unknown ioctl)
`,
  { until: '6.1' },
)

sequence(
  'a VM and a vcpu have statistics, whatever the argument, and as often as one asks',
  `
  vm: KVM_GET_STATS_FD                        -> ok
  vm: KVM_GET_STATS_FD(1)                     -> ok
  vcpu0: KVM_GET_STATS_FD                     -> ok
  vcpu0: KVM_GET_STATS_FD(0xffffffffffffffff) -> ok
  kvm: KVM_GET_STATS_FD                       -> -EINVAL (unknown ioctl)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)    -> ok
  vcpu0: KVM_RUN(immediate_exit)              -> -EINTR (immediate_exit)
  vcpu0: KVM_GET_STATS_FD                     -> ok
`,
  { since: '6.1' },
)
