/** KVM_CREATE_DEVICE: which types there are, how often, and until when. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a device of unknown type is not made',
  `
  KVM_CREATE_DEVICE(0)                 -> -ENODEV (no such device)
  KVM_CREATE_DEVICE(255)               -> -ENODEV (no such device)
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_XICS) -> -ENODEV (no such device)
`,
)

sequence(
  'a VM has one GICv3',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)  -> ok
  gic1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> -EEXIST (already there)
`,
)

sequence(
  'a VM has one GICv2',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)  -> ok
  gic1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> -EEXIST (already there)
`,
)

sequence(
  'KVM_CREATE_DEVICE_TEST makes nothing',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = KVM_CREATE_DEVICE_TEST) -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = KVM_CREATE_DEVICE_TEST) -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                 -> ok
`,
)

sequence(
  'KVM_CREATE_DEVICE_TEST asks for the type and not for the moment',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                  -> ok
  gic1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = KVM_CREATE_DEVICE_TEST) -> ok
  gic1 = KVM_CREATE_DEVICE(255, flags = KVM_CREATE_DEVICE_TEST)                      -> -ENODEV (no such device)
`,
)

sequence(
  'flags of KVM_CREATE_DEVICE that are not defined are not looked at',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = 1 << 31) -> ok
  gic1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                 -> -EEXIST (already there)
`,
)

sequence(
  'a GICv3 comes before the first KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                          -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                    -> -EINTR (immediate_exit)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                 -> -EBUSY (has run)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3, flags = KVM_CREATE_DEVICE_TEST) -> ok
`,
)

sequence(
  'a GICv3 may come after vcpus and KVM_ARM_VCPU_INIT',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
`,
)

sequence(
  'a KVM_RUN that was refused does not count as the first one',
  `
  vcpu0: KVM_RUN(immediate_exit)                    -> -ENOEXEC (not initialised)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
`,
)

sequence(
  'each VM has an interrupt controller of its own',
  `
  vm1 = KVM_CREATE_VM(0)                                                                          -> ok
  vm2 = KVM_CREATE_VM(0)                                                                          -> ok
  vm1: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  vm2: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  vm1: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> -EEXIST (already there)
  vm1.gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  vm2.gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
`,
)

sequence(
  'a GICv2 has eight cpu interfaces, and so many vcpus has its VM',
  `
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  KVM_CREATE_VCPU(8)                          -> -EINVAL (id beyond the vcpus)
  KVM_CREATE_VCPU(7)                          -> ok
`,
)

sequence(
  'a ninth vcpu with a GICv2 is refused for its id',
  `
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  KVM_CREATE_VCPU(0)                          -> ok
  KVM_CREATE_VCPU(1)                          -> ok
  KVM_CREATE_VCPU(2)                          -> ok
  KVM_CREATE_VCPU(3)                          -> ok
  KVM_CREATE_VCPU(4)                          -> ok
  KVM_CREATE_VCPU(5)                          -> ok
  KVM_CREATE_VCPU(6)                          -> ok
  KVM_CREATE_VCPU(7)                          -> ok
  vm: KVM_CREATE_VCPU(0)                      -> -EEXIST (already there)
  KVM_CREATE_VCPU(8)                          -> -EINVAL (id beyond the vcpus)
`,
  { until: '6.1' },
)

sequence(
  'a ninth vcpu with a GICv2 is refused whatever its id',
  `
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  KVM_CREATE_VCPU(0)                          -> ok
  KVM_CREATE_VCPU(1)                          -> ok
  KVM_CREATE_VCPU(2)                          -> ok
  KVM_CREATE_VCPU(3)                          -> ok
  KVM_CREATE_VCPU(4)                          -> ok
  KVM_CREATE_VCPU(5)                          -> ok
  KVM_CREATE_VCPU(6)                          -> ok
  KVM_CREATE_VCPU(7)                          -> ok
  vm: KVM_CREATE_VCPU(0)                      -> -EINVAL (too many vcpus)
  KVM_CREATE_VCPU(8)                          -> -EINVAL (too many vcpus)
`,
  { since: '6.1' },
)

sequence(
  'KVM_CAP_MAX_VCPUS of a VM follows its GICv2',
  `
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)  -> ok = 8
`,
)

sequence(
  'a VM has one VFIO device',
  `
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)                                 -> ok
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)                                 -> -EBUSY (one VFIO device)
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO, flags = KVM_CREATE_DEVICE_TEST) -> ok
`,
)

sequence(
  'a VFIO device takes descriptors of files, and has nothing to read',
  `
  device = KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)   -> ok
  device: KVM_HAS_DEVICE_ATTR(1, 1)               -> ok
  device: KVM_SET_DEVICE_ATTR(1, 1)               -> -EFAULT (value not readable)
  device: KVM_SET_DEVICE_ATTR(1, 1, &0xffffffff)  -> -EBADF (no such file)
  device: KVM_SET_DEVICE_ATTR(0, 1, &0xffffffff)  -> -ENXIO (unknown attribute)
  device: KVM_GET_DEVICE_ATTR(1, 1, &0)           -> -EPERM (nothing to read)
`,
)

sequence(
  'a second VFIO device is refused before its descriptor could be written',
  `
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)            -> ok
  vm: KVM_CREATE_DEVICE(&readonly, KVM_DEV_TYPE_VFIO) -> -EBUSY (one VFIO device)
`,
)
