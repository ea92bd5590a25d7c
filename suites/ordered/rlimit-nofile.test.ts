/** Calls that make a descriptor where the process may open no more, and what they leave behind. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a VM needs a descriptor',
  `
  KVM_CREATE_VM(0) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)
  KVM_CREATE_VM(0)                        -> ok
  vm: KVM_CREATE_VCPU(0)                  -> ok
`,
)

sequence(
  'the descriptor of a VM comes before its type',
  `
  KVM_CREATE_VM(31) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)
`,
  { since: '6.0' },
)

sequence(
  'the type of a VM comes before its descriptor',
  `
  KVM_CREATE_VM(31) with RLIMIT_NOFILE = 0 -> -EINVAL (IPA size too small)
  KVM_CREATE_VM(0) with RLIMIT_NOFILE = 0  -> -EMFILE (no free descriptor)
`,
  { until: '6.0' },
)

sequence(
  'a vcpu that got no descriptor is not there, and its id is free',
  `
  vm: KVM_CREATE_VCPU(0) with RLIMIT_NOFILE = 0       -> -EMFILE (no free descriptor)
  vm: KVM_CREATE_VCPU(0)                              -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)            -> ok
  vcpu0: KVM_RUN(immediate_exit)                      -> -EINTR (immediate_exit)
  vm: KVM_CREATE_VCPU(0) with RLIMIT_NOFILE = 0       -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(0x10000) with RLIMIT_NOFILE = 0 -> -EINVAL (id too big)
`,
)

sequence(
  'whoever gets no descriptor for a vcpu may try as often as he likes',
  `
  ${Array.from({ length: 520 }, () => 'vm: KVM_CREATE_VCPU(0) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)').join('\n')}
  vm: KVM_CREATE_VCPU(0)                        -> ok
`,
)

sequence(
  'a vcpu that got no descriptor has used up a redistributor frame',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &0x0010000008080000) -> ok
  vm: KVM_CREATE_VCPU(0) with RLIMIT_NOFILE = 0                                                                               -> -EMFILE (no free descriptor)
  vm: KVM_CREATE_VCPU(0)                                                                                                      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                                                    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)                                 -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)                                             -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                                              -> -ENXIO (no redistributor)
`,
)

sequence(
  'an interrupt controller that got no descriptor is there, out of reach',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) with RLIMIT_NOFILE = 0                    -> -EMFILE (no free descriptor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> -EBADF (no descriptor)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(0)                                                                      -> ok
`,
)

sequence(
  'asking whether there could be a device takes no descriptor',
  `
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = KVM_CREATE_DEVICE_TEST) with RLIMIT_NOFILE = 0 -> ok
`,
)

sequence(
  'a VFIO device that got no descriptor is gone',
  `
  device = KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)
  device = KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)                        -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) with RLIMIT_NOFILE = 0      -> -EBUSY (one VFIO device)
`,
)

sequence(
  'a device gets its descriptor before userspace could be told of it',
  `
  device = KVM_CREATE_DEVICE(&readonly, KVM_DEV_TYPE_VFIO) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)
  device = KVM_CREATE_DEVICE(&readonly, KVM_DEV_TYPE_VFIO)                        -> -EFAULT (read-only struct)
`,
)

sequence(
  'counters begin anew also for a vcpu that got no descriptor',
  `
  vm: KVM_CREATE_VCPU(0)                                       -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CNT, &0x4000000000000000)  -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CVAL, &0x3000000000000000) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1)                 -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CTL)                       -> ok = 0x5
  vm: KVM_CREATE_VCPU(1) with RLIMIT_NOFILE = 0                -> -EMFILE (no free descriptor)
  KVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CTL)                       -> ok = 0x1
`,
  { until: '6.18' },
)

sequence(
  'statistics need a descriptor',
  `
  vm: KVM_GET_STATS_FD with RLIMIT_NOFILE = 0            -> -EMFILE (no free descriptor)
  vcpu0: KVM_GET_STATS_FD with RLIMIT_NOFILE = 0         -> -EMFILE (no free descriptor)
  vcpu0: stats = KVM_GET_STATS_FD                        -> ok
  stats: KVM_GET_STATS_FD with RLIMIT_NOFILE = 0         -> -ENOTTY (unknown ioctl)
`,
  { since: '5.14' },
)

sequence(
  'a guest_memfd needs a descriptor, once it is known what it would be',
  `
  vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000) with RLIMIT_NOFILE = 0 -> -EMFILE (no free descriptor)
  vm: KVM_CREATE_GUEST_MEMFD(size = 0xfff) with RLIMIT_NOFILE = 0  -> -EINVAL (size)
`,
  { since: '7.2' },
)

sequence(
  'what needs no descriptor does not notice that there are no more',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) with RLIMIT_NOFILE = 0 -> ok
  vcpu0: KVM_RUN(immediate_exit) with RLIMIT_NOFILE = 0           -> -EINTR (immediate_exit)
  child of kvm: KVM_CREATE_VM(0) with RLIMIT_NOFILE = 0           -> -EMFILE (no free descriptor)
  child of vm: KVM_CREATE_VCPU(1) with RLIMIT_NOFILE = 0          -> -EIO (other mm)
`,
)
