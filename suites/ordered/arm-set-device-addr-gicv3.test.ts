/** KVM_ARM_SET_DEVICE_ADDR on a GICv3: before 6.1 the same as the attribute, and unknown since. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a GICv3 takes the addresses of no GICv2',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                  -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENODEV (no such address)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> -ENODEV (no such address)
`,
)

sequence(
  'the old call sets the addresses of a GICv3 too',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_DIST, 0x8000000)                          -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x80a0000)                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> -EEXIST (already set)
`,
  { until: '6.1' },
)

sequence(
  'the old call is for the GICv2 alone',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_DIST, 0x8000000)                          -> -ENODEV (no such address)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'regions of redistributors that the old call sets are checked as those of the attribute',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x200000)           -> -EINVAL (count or flags)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000000001)   -> -EINVAL (index out of order)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000000000)   -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000200000)   -> -EINVAL (index taken)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000000001)   -> -EINVAL (over a region)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10010000000001)   -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000200001)   -> ok
`,
  { until: '6.1' },
)

sequence(
  'redistributors without a count are set once by the old call, aligned to 64K, and no region follows them',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                              -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x80a1000)               -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x80a0000)               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x90a0000)               -> -EINVAL (already set)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x10000000000001)   -> -EINVAL (mixed)
`,
  { until: '6.1' },
)

sequence(
  'redistributors over the distributor are refused by the old call too',
  `
  vm: KVM_CREATE_VCPU(0)                                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_DIST, 0x8000000)   -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x8001000) -> -EINVAL (inside the distributor)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x7ff0000) -> -EINVAL (frames over the distributor)
`,
  { until: '6.1' },
)

sequence(
  'misaligned redistributors over the distributor leave nothing behind, through the old call too',
  `
  vm: KVM_CREATE_VCPU(0)                                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_DIST, 0x8000000)   -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x7ff1000) -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x80a0000) -> ok
`,
  { until: '6.1' },
)
