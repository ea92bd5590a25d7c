/** A GIC from its creation to KVM_DEV_ARM_VGIC_CTRL_INIT: what comes before it, and what it ends. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'once the interrupt controller is initialised no vcpu can be added',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(1)                                                          -> -EBUSY (vgic initialised)
  vm: KVM_CREATE_VCPU(0)                                                          -> -EBUSY (vgic initialised)
  vm: KVM_CREATE_VCPU(512)                                                        -> -EINVAL (id too big)
`,
)

sequence(
  'that the GIC is initialised is found before an id that its vcpus cannot have',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(8)                                                          -> -EBUSY (vgic initialised)
  vm: KVM_CREATE_VCPU(512)                                                        -> -EINVAL (id too big)
`,
  { until: '7.3' },
)

sequence(
  'once the interrupt controller is initialised no vcpu can be added, and an id that is given is noticed first',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(1)                                                          -> -EBUSY (vgic initialised)
  vm: KVM_CREATE_VCPU(0)                                                          -> -EEXIST (already there)
`,
  { since: '7.3' },
)

sequence(
  'the initialisation asks for no vcpu, and ends their creation all the same',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> -EBUSY (vgic initialised)
`,
)

sequence(
  'the initialisation can be asked for again',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
`,
)

sequence(
  'the initialisation is something to do and nothing to read',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                   -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, &0) -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)     -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 2)                              -> -ENXIO (unknown attribute)
`,
)

sequence(
  'a GIC has 64 to 992 interrupts in steps of 32',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                 -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &32)    -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &65)    -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0x400) -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &992)   -> ok
`,
)

sequence(
  'the number of interrupts is set once',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)              -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64) -> -EBUSY (already numbered)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &65) -> -EINVAL (number of interrupts)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)  -> ok = 64
`,
)

sequence(
  'the initialisation settles for 256 interrupts where none were asked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)                   -> ok = 256
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64)                  -> -EBUSY (already numbered)
`,
)

sequence(
  'pending tables can be saved before the initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                         -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES) -> ok
`,
  { until: '6.1' },
)

sequence(
  'pending tables are saved after the initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                         -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES) -> -ENXIO (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES) -> ok
`,
  { since: '6.1' },
)

sequence(
  'a GICv2 has no pending tables',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                         -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES) -> -ENXIO (unknown attribute)
`,
)

sequence(
  'a GICv3 has no maintenance interrupt to choose',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &25) -> -ENXIO (unknown attribute)
`,
  { until: '6.15' },
)

sequence(
  'the maintenance interrupt is a PPI, chosen before the initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &15)                -> -EINVAL (not a PPI)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &32)                -> -EINVAL (not a PPI)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &25)                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &25)                -> -EBUSY (vgic initialised)
`,
  { since: '6.17' },
)
