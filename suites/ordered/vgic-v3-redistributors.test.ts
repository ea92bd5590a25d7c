/** A GICv3: where its redistributors are, as one region without a count (devices/arm-vgic-v3.rst). */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the redistributors get their address once, and the second time is an invalid one',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> -EINVAL (already set)
`,
  { until: '6.1' },
)

sequence(
  'the redistributors get their address once',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> -EEXIST (already set)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x9000000) -> -EEXIST (already set)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x0)       -> ok = 0x80a0000
`,
  { since: '6.1' },
)

sequence(
  'the redistributors are aligned to 64K and lie within the guest physical address space',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                 -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a1000)     -> -EINVAL (misaligned)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x10000000000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000)     -> ok
`,
)

sequence(
  'the redistributors of the vcpus that are there end within the guest physical address space',
  `
  vm: KVM_CREATE_VCPU(0)                                                                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xffffff0000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffe0000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'redistributors over the distributor are refused where there are vcpus',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8000000) -> -EINVAL (over the distributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'redistributors that were refused for their frames cannot be placed anew',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8000000) -> -EINVAL (frames over the distributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> -EINVAL (already set)
`,
  { until: '6.1' },
)

sequence(
  'a distributor over redistributors is accepted, and found by KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (frames overlap)
`,
)

sequence(
  'redistributors over the distributor are accepted without vcpus, and the second vcpu finds no room',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8000000) -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> -EINVAL (no room for its redistributor)
`,
  { since: '6.1' },
)

sequence(
  'redistributors that pass the end of the guest physical address space with a later vcpu are found by KVM_RUN',
  `
  vm: KVM_CREATE_VCPU(0)                                                                           -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                         -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffe0000) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                           -> ok
  vm: KVM_CREATE_VCPU(2)                                                                           -> -EINVAL (no room for its redistributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)                  -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                   -> -EINVAL (frames beyond the IPA size)
`,
  { since: '6.1' },
)

sequence(
  'redistributors that lie over the distributor and pass the end are over the distributor first of all',
  `
  vm: KVM_CREATE_VCPU(0)                                                                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0xffffff0000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xffffff0000) -> -EINVAL (over the distributor)
`,
  { since: '6.1' },
)

sequence(
  'redistributors that pass the end are found by KVM_RUN before a missing initialisation',
  `
  vm: KVM_CREATE_VCPU(0)                                                                           -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                         -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xfffffe0000) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                           -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                   -> -EINVAL (frames beyond the IPA size)
`,
  { since: '6.1' },
)

sequence(
  'redistributors that are misaligned and over the distributor are misaligned, and leave nothing',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x7ff1000) -> -EINVAL (misaligned)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
`,
  { until: '6.1' },
)

sequence(
  'redistributors do not begin inside the distributor, and a vcpu that grows them over it finds no room',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8001000) -> -EINVAL (inside the distributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x7fe0000) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> -EINVAL (no room for its redistributor)
  vm: KVM_CREATE_VCPU(1)                                                                        -> -EINVAL (no room for its redistributor)
`,
  { until: '6.1' },
)

sequence(
  'redistributors do not lie over the distributor, and a vcpu that grows them over it finds no room',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8001000) -> -EINVAL (over the distributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x7fe0000) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> -EINVAL (no room for its redistributor)
  vm: KVM_CREATE_VCPU(1)                                                                        -> -EINVAL (no room for its redistributor)
`,
  { since: '6.1', until: '7.3' },
)

sequence(
  'redistributors do not lie over the distributor, and an id that is given takes no room',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8001000) -> -EINVAL (over the distributor)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x7fe0000) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(1)                                                                        -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(2)                                                                        -> -EINVAL (no room for its redistributor)
`,
  { since: '7.3' },
)
