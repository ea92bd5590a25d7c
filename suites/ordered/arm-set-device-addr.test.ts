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
  'a host without a GIC supports no device address, and knows an unknown device first',
  `
  vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)                    -> -ENODEV (device)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENXIO (no vgic on the host)
`,
)

sequence(
  'the struct is read before its device is looked at',
  `
  KVM_ARM_SET_DEVICE_ADDR(&unmapped, 0x10000, 0x8000000)   -> -EFAULT (bad pointer)
  KVM_ARM_SET_DEVICE_ADDR(&short(15), 0x10000, 0x8000000)  -> -EFAULT (bad pointer)
`,
)
