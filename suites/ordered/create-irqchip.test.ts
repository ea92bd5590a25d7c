/** KVM_CREATE_IRQCHIP: the old way to a GICv2, and the only one that gives no descriptor. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a VM has one interrupt controller',
  `
  KVM_CREATE_IRQCHIP -> ok
  KVM_CREATE_IRQCHIP -> -EEXIST (already there)
`,
)

sequence(
  'KVM_CREATE_IRQCHIP and KVM_CREATE_DEVICE make the same GICv2',
  `
  KVM_CREATE_IRQCHIP                                -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> -EEXIST (already there)
`,
)

sequence(
  'a GICv2 made by KVM_CREATE_DEVICE is there for KVM_CREATE_IRQCHIP as well',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  vm: KVM_CREATE_IRQCHIP                            -> -EEXIST (already there)
`,
)

sequence(
  'the interrupt controller comes before the first KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  KVM_CREATE_IRQCHIP                       -> -EBUSY (has run)
`,
)

sequence(
  'the interrupt controller may come after KVM_ARM_VCPU_INIT',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_CREATE_IRQCHIP                       -> ok
`,
)

sequence(
  'a host without GICv2 makes none',
  `
  KVM_CREATE_IRQCHIP -> -ENODEV (no GICv2)
  KVM_CREATE_IRQCHIP -> -ENODEV (no GICv2)
`,
)

sequence(
  'a host without GICv2 finds a GICv3 that is there before it finds that it makes no GICv2',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  vm: KVM_CREATE_IRQCHIP                            -> -EEXIST (already there)
`,
  { until: '6.1' },
)

sequence(
  'a host without GICv2 finds that it makes none, whatever there is',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  vm: KVM_CREATE_IRQCHIP                            -> -ENODEV (no GICv2)
`,
  { since: '6.1' },
)

sequence(
  'KVM_CREATE_IRQCHIP does not look at its argument',
  `
  KVM_CREATE_IRQCHIP(1) -> ok
`,
)

sequence(
  'a host that cannot virtualize its interrupt controller has none for VMs, which run all the same',
  `
  KVM_CREATE_IRQCHIP                                             -> -ENXIO (no vgic)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENXIO (no vgic on the host)
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                    -> -ENODEV (no such device)
  KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                    -> -ENODEV (no such device)
  vm: KVM_CREATE_VCPU(0)                                         -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -EINTR (immediate_exit)
`,
)
