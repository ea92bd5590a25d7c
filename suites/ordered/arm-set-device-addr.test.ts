/** KVM_ARM_SET_DEVICE_ADDR, in the mail of January 2013 KVM_SET_DEVICE_ADDRESS: the addresses of a GICv2. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'it must be called after KVM_CREATE_IRQCHIP, before KVM_RUN',
  `
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENODEV (no such address)
  KVM_CREATE_IRQCHIP                                                 -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                           -> ok
  vcpu0: KVM_RUN(immediate_exit)                                     -> -EINTR (immediate_exit)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> -EEXIST (already set)
`,
)

sequence(
  'calling it twice for any of the base addresses returns EEXIST',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EEXIST (already set)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x9000000) -> -EEXIST (already set)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> -EEXIST (already set)
`,
)

sequence(
  'address 0 is an address, and set once like any other',
  `
  KVM_CREATE_IRQCHIP                                       -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x0) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x0) -> -EEXIST (already set)
`,
)

sequence(
  'an address outside the guest physical address space is too big, and one can still be set',
  `
  KVM_CREATE_IRQCHIP                                                     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000)     -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000000000000000) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)         -> ok
`,
)

sequence(
  'the guest physical address space is as big as KVM_CREATE_VM made it',
  `
  KVM_CREATE_VM(32)                                                -> ok
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x100000000) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0xfffff000)  -> ok
`,
)

sequence(
  'an address that is no multiple of 4K is refused',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800) -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x1)        -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8001000) -> ok
`,
)

sequence(
  'a misaligned address beyond the end is too big first of all, and one set already is misaligned first',
  `
  KVM_CREATE_IRQCHIP                                                 -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000800) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800)     -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -E2BIG (beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'an address set already is found first, then a misaligned one, then one beyond the end',
  `
  KVM_CREATE_IRQCHIP                                                 -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000800) -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800)     -> -EEXIST (already set)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -EEXIST (already set)
`,
  { since: '6.1' },
)

sequence(
  'the cpu interface may begin in the last page although it has two',
  `
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000) -> ok
`,
  { until: '6.1' },
)

sequence(
  'the cpu interface with its two pages ends within the guest physical address space',
  `
  KVM_CREATE_IRQCHIP                                                -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000)  -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xffffffe000)  -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0xfffffff000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'another device than the GICv2 is unknown',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)                    -> -ENODEV (device)
  KVM_ARM_SET_DEVICE_ADDR(0xffff0000, 0x8000000)                 -> -ENODEV (device)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
`,
)

sequence(
  'bits 63 to 32 of the id belong to the device',
  `
  KVM_CREATE_IRQCHIP                              -> ok
  KVM_ARM_SET_DEVICE_ADDR(0x100000000, 0x8000000) -> -ENODEV (device)
`,
  { until: '6.1' },
)

sequence(
  'bits 63 to 32 of the id are not looked at',
  `
  KVM_CREATE_IRQCHIP                              -> ok
  KVM_ARM_SET_DEVICE_ADDR(0x100000000, 0x8000000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'a GICv2 has no address but those of its distributor and its cpu interface',
  `
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_DIST, 0x8000000)   -> -ENODEV (no such address)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0x80a0000) -> -ENODEV (no such address)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_ITS_ADDR_TYPE, 0x8080000)       -> -ENODEV (no such address)
  KVM_ARM_SET_DEVICE_ADDR(0xffff, 0x8000000)                       -> -ENODEV (no such address)
`,
)

sequence(
  'a VM without interrupt controller has no address to set, be it misaligned or too big',
  `
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000800)     -> -ENODEV (no such address)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x10000000000) -> -ENODEV (no such address)
  vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)                       -> -ENODEV (device)
`,
)

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
  'the old call and the attribute set the same address',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                           -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)                          -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x0)       -> ok = 0x8000000
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> -EEXIST (already set)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> ok
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)                           -> -EEXIST (already set)
`,
)

sequence(
  'an overlap of distributor and cpu interface is accepted, and found by KVM_RUN',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000000)  -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -EINVAL (frames overlap)
`,
)

sequence(
  'a host without a GIC supports no device address, and knows an unknown device first',
  `
  vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)                    -> -ENODEV (device)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENXIO (no vgic on the host)
`,
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
  'the cpu interface that passes the end of the guest physical address space is found by KVM_RUN',
  `
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)   -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
  vcpu0: KVM_RUN(immediate_exit)                                   -> -ERANGE (frames beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'the struct is read before its device is looked at',
  `
  KVM_ARM_SET_DEVICE_ADDR(&unmapped, 0x10000, 0x8000000)   -> -EFAULT (bad pointer)
  KVM_ARM_SET_DEVICE_ADDR(&short(15), 0x10000, 0x8000000)  -> -EFAULT (bad pointer)
`,
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
