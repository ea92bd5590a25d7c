/** KVM_IRQ_LINE: whose line it is, and when it can be raised. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'without an interrupt controller in the kernel a vcpu has its two lines, and nobody any other',
  `
  vm: KVM_CREATE_VCPU(0)                                     -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1)          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | 1, level = 1)      -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | 2, level = 1)      -> -EINVAL (no such line)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | vcpu 1, level = 1) -> -EINVAL (no such vcpu)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1)     -> -ENXIO (no vgic)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1)     -> -ENXIO (no vgic)
  vm: KVM_IRQ_LINE(3 << 24, level = 1)                       -> -EINVAL (no such type)
`,
)

sequence(
  'with an interrupt controller in the kernel a vcpu has no lines',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  vm: KVM_CREATE_VCPU(0)                            -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1) -> -ENXIO (in-kernel vgic)
`,
)

sequence(
  'the lines of a GICv3 wait for its initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1)                          -> -EBUSY (vgic not initialised)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1)                          -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1)                          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32)                                     -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1)                          -> ok
`,
)

sequence(
  'PPIs are 16 to 31, and SPIs come after them',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 31, level = 1)                          -> -EINVAL (no such line)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 15, level = 1)                          -> -EINVAL (no such line)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 32, level = 1)                          -> -EINVAL (no such line)
`,
)

sequence(
  'a GIC has as many SPIs as it was given',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64)                  -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 63, level = 1)                          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 64, level = 1)                          -> -EINVAL (no such interrupt)
`,
)

sequence(
  'a line that does not exist is noticed before a GICv3 that is not initialised',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)      -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 31, level = 1) -> -EINVAL (no such line)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1) -> -EINVAL (no such vcpu)
`,
  { until: '7.2' },
)

sequence(
  'a GICv3 that is not initialised is noticed before a line that does not exist',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)      -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 31, level = 1) -> -EBUSY (vgic not initialised)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1) -> -EBUSY (vgic not initialised)
`,
  { since: '7.2' },
)

sequence(
  'the first raised line initialises a GICv2, and no vcpu can be added',
  `
  KVM_CREATE_IRQCHIP                                 -> ok
  KVM_CREATE_VCPU(0)                                 -> ok
  KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1) -> ok
  KVM_CREATE_VCPU(1)                                 -> -EBUSY (vgic initialised)
`,
)

sequence(
  'vcpus are counted as they were created',
  `
  vm: KVM_CREATE_VCPU(5)                                     -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1)          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | vcpu 5, level = 1) -> -EINVAL (no such vcpu)
`,
  { until: '6.12' },
)

sequence(
  'a PPI is that of the vcpu which was created as the id of the one says that was asked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(1)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1)                          -> -EINVAL (no such vcpu)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | vcpu 1 | 16, level = 1)                 -> -EINVAL (no such vcpu)
  vm: KVM_IRQ_LINE_STATUS(KVM_ARM_IRQ_TYPE_PPI | 16, level = 1)                   -> -EINVAL (no such vcpu)
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'vcpus are called by their id',
  `
  vm: KVM_CREATE_VCPU(5)                                     -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1)          -> -EINVAL (no such vcpu)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | vcpu 5, level = 1) -> ok
`,
  { since: '6.12' },
)

sequence(
  'KVM_IRQ_LINE_STATUS drives the line, and then writes its argument back',
  `
  vm: KVM_CREATE_VCPU(0) -> ok
  vm: KVM_IRQ_LINE_STATUS(KVM_ARM_IRQ_TYPE_CPU, level = 1)            -> ok
  vm: KVM_IRQ_LINE_STATUS(KVM_ARM_IRQ_TYPE_CPU | 2, level = 1)        -> -EINVAL (no such line)
  vm: KVM_IRQ_LINE_STATUS(&short(7), KVM_ARM_IRQ_TYPE_CPU, level = 1) -> -EFAULT (bad pointer)
  vm: KVM_IRQ_LINE_STATUS(&readonly, KVM_ARM_IRQ_TYPE_CPU, level = 1) -> -EFAULT (bad pointer)
  vm: KVM_IRQ_LINE_STATUS(&readonly, KVM_ARM_IRQ_TYPE_CPU | 2)        -> -EINVAL (no such line)
`,
)

sequence(
  'the upper four bits of the number of a vcpu count, too',
  `
  KVM_CREATE_VCPU(0)                                           -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1)            -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU | vcpu 256, level = 1) -> -EINVAL (no such vcpu)
`,
)
