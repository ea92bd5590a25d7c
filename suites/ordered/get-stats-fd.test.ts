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

sequence(
  'statistics can be read anywhere, outlive their VM, and know no ioctl',
  `
  vm: KVM_GET_STATS_FD                                  -> ok
  vcpu0: stats1 = KVM_GET_STATS_FD                      -> ok
  stats: pread(length = 24)                             -> ok
  stats: pread(length = 0, offset = 24)                 -> ok
  stats1: pread(length = 256, offset = 0x10000)         -> ok
  stats1: pread(length = 1, offset = 0x7ffffffffffffffe) -> ok
  stats1: pread(length = 1, offset = 0x7fffffffffffffff) -> -EINVAL (past 63 bits)
  stats1: pread(length = 256, offset = 0x7fffffffffffff00) -> -EINVAL (past 63 bits)
  vm: pread(length = 24) -> -ESPIPE (no positions)
  vcpu0: pread(length = 24) -> -ESPIPE (no positions)
  kvm: pread(length = 24) -> -EINVAL (not to be read)
  stats1: KVM_GET_STATS_FD                              -> -ENOTTY (unknown ioctl)
  child of stats: KVM_GET_STATS_FD                      -> -ENOTTY (unknown ioctl)
  vcpu0: close                                          -> ok
  vm: close                                             -> ok
  stats1: pread(length = 48, offset = 24)               -> ok
  stats: kvm_run(exit_reason) -> -EACCES (read-only)
  stats: kvm_dirty_gfn(0) -> -EACCES (read-only)
  stats1: kvm_coalesced_mmio_ring(last) -> -EACCES (read-only)
  stats: close                                          -> ok
  stats: pread(length = 24)                             -> -EBADF (no descriptor)
`,
  { since: '6.1' },
)
