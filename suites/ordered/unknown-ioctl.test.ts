/** ioctl numbers that the descriptor does not know, be they nobody's or another descriptor's. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  '/dev/kvm, VMs and vcpus answer an unknown number with EINVAL',
  `
  kvm: ioctl(0xaeff)   -> -EINVAL (unknown ioctl)
  vm: ioctl(0xaeff)    -> -EINVAL (unknown ioctl)
  vcpu0: ioctl(0xaeff) -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'numbers of another subsystem are unknown as well',
  `
  kvm: ioctl(0xaf00)      -> -EINVAL (unknown ioctl)
  vm: ioctl(0xaf00)       -> -EINVAL (unknown ioctl)
  vcpu0: ioctl(0xaf00, 1) -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'a number with another size in it is another number',
  `
  kvm: ioctl(0x4020aeff)   -> -EINVAL (unknown ioctl)
  vcpu0: ioctl(0x4010aeae) -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'a VM does not know the calls of a vcpu, nor a vcpu those of a VM',
  `
  vm: KVM_RUN(immediate_exit)              -> -EINVAL (unknown ioctl)
  vm: KVM_ARM_VCPU_INIT(features[] = 0)    -> -EINVAL (unknown ioctl)
  vcpu0: KVM_CREATE_VCPU(1)                -> -EINVAL (unknown ioctl)
  vcpu0: KVM_CREATE_VM(0)                  -> -EINVAL (unknown ioctl)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
`,
)

sequence(
  '/dev/kvm does not know the calls of a VM',
  `
  kvm: KVM_CREATE_VCPU(0)       -> -EINVAL (unknown ioctl)
  kvm: KVM_ARM_PREFERRED_TARGET -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'a device answers an unknown number with ENOTTY',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: ioctl(0xaeff)                                -> -ENOTTY (unknown ioctl)
  gic: KVM_RUN(immediate_exit)                      -> -ENOTTY (unknown ioctl)
  gic: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG)         -> -ENOTTY (unknown ioctl)
`,
)

sequence(
  'a GICv2 answers an unknown number with ENOTTY',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  gic: ioctl(0xaeff)                                -> -ENOTTY (unknown ioctl)
`,
)

sequence(
  'an ITS answers an unknown number with ENOTTY',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok
  its: ioctl(0xaeff)                                 -> -ENOTTY (unknown ioctl)
  its: KVM_CREATE_VCPU(0)                            -> -ENOTTY (unknown ioctl)
`,
)

sequence(
  'a VM has no attributes',
  `
  vm: KVM_SET_DEVICE_ATTR(5, 0, &0x0) -> -EINVAL (unknown ioctl)
  vm: KVM_HAS_DEVICE_ATTR(5, 0)       -> -EINVAL (unknown ioctl)
`,
  { until: '6.12' },
)

sequence(
  'a VM has attributes that can be set, and none that can be read',
  `
  vm: KVM_HAS_DEVICE_ATTR(5, 0)       -> -ENXIO (unknown attribute)
  vm: KVM_GET_DEVICE_ATTR(5, 0, &0x0) -> -EINVAL (unknown ioctl)
`,
  { since: '6.12' },
)
