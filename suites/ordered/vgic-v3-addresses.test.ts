/** A GICv3: the address of its distributor, and which addresses there are (devices/arm-vgic-v3.rst). */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'an address of a GICv3 that is not set reads as all ones',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)       -> ok = 0xffffffffffffffff
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x0)     -> ok = 0xffffffffffffffff
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)       -> ok = 0x8000000
`,
)

sequence(
  'the distributor gets its address once',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> -EEXIST (already set)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x9000000) -> -EEXIST (already set)
`,
)

sequence(
  'the distributor is aligned to 64K and not just to a page',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8001000) -> -EINVAL (misaligned)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8010000) -> ok
`,
)

sequence(
  'the distributor lies within the guest physical address space',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x10000000000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffffff0000)  -> ok
`,
)

sequence(
  'the guest physical address space of a GICv3 is as big as KVM_CREATE_VM made it',
  `
  KVM_CREATE_VM(32)                                                                             -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x100000000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffff0000)  -> ok
`,
)

sequence(
  'a distributor beyond the end is too big, misaligned or not',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x10000001000) -> -E2BIG (beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'a misaligned distributor is misaligned, beyond the end or not',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x10000001000)      -> -EINVAL (misaligned)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffffffffffff0000) -> -EINVAL (wraps around)
`,
  { since: '6.1' },
)

sequence(
  'a GICv3 does not know the addresses of a GICv2 and of an ITS',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x0)       -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)     -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, 6, &0x8000000)                          -> -ENXIO (unknown attribute)
`,
)

sequence(
  'KVM_HAS_DEVICE_ATTR tells the addresses of a GICv3, set or not, without a value',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST)          -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST)        -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION) -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST)          -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(10, 0)                                                          -> -ENXIO (unknown attribute)
`,
)

sequence(
  'the value of an address is read before its type is looked at',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &readonly) -> -EFAULT (value not writable)
`,
)

sequence(
  'the distributor may get its address after the initialisation, and not again after KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> -EEXIST (already set)
`,
)

sequence(
  'a second interrupt controller that was refused leaves the first as it is',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> -EEXIST (already there)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)       -> ok = 0x8000000
`,
)

sequence(
  'all 64 bits of an attribute count',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                            -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, 0x100000002, &0x8000000) -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, 0x100000002)             -> -ENXIO (unknown attribute)
`,
)

sequence(
  'flags of struct kvm_device_attr are not looked at',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000, flags = 1) -> ok
`,
)
