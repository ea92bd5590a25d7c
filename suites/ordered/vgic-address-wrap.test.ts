/** Addresses of a GIC whose frames pass the end of 64 bits. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'frames that pass the end of 64 bits begin beyond the end of the guest physical address space',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                      -> ok
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                                     -> ok
  vm: KVM_CREATE_VCPU(0)                                                                                 -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffffffffffff0000)   -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffffffffe0000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffffffffd0000) -> -E2BIG (beyond the IPA size)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0xfffffffffffe0000)       -> -E2BIG (beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'frames that pass the end of 64 bits are refused as such',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                      -> ok
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                                     -> ok
  vm: KVM_CREATE_VCPU(0)                                                                                 -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffffffffffff0000)   -> -EINVAL (wraps around)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffffffffe0000) -> -EINVAL (wraps around)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffffffffd0000) -> -E2BIG (beyond the IPA size)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0xfffffffffffe0000)       -> -EINVAL (wraps around)
`,
  { since: '6.1' },
)

sequence(
  'frames of a GICv2 that pass the end of 64 bits begin beyond the end of the guest physical address space',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                                    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0xfffffffffffff000) -> -E2BIG (beyond the IPA size)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xffffffffffffe000)                           -> -E2BIG (beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'frames of a GICv2 that pass the end of 64 bits are refused as such',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                                    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0xfffffffffffff000) -> -EINVAL (wraps around)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xffffffffffffe000)                           -> -EINVAL (wraps around)
`,
  { since: '6.1' },
)
