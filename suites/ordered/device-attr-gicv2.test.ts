/** What KVM_SET_DEVICE_ATTR and KVM_GET_DEVICE_ATTR look at first on a GICv2: the vcpu or the value. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a GICv2 reads the value of every address that is asked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0)                                           -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &63)                                      -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &1024)                                    -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64)                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &63)                                      -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &96)                                      -> -EBUSY (already numbered)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &unmapped)                                -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &unmapped)          -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &unmapped)          -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)                     -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES)           -> -ENXIO (unknown attribute)
`,
  { until: '6.1' },
)

sequence(
  'a GICv2 reads the value only of what would be a region of redistributors',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0)                                           -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &63)                                      -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &1024)                                    -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64)                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &63)                                      -> -EINVAL (number of interrupts)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &96)                                      -> -EBUSY (already numbered)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &unmapped)                                -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &unmapped)          -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &unmapped)          -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)                     -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES)           -> -ENXIO (unknown attribute)
`,
  { since: '6.1' },
)

sequence(
  'the value for a register of a GICv2 is read before the vcpu is looked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8)              -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8, &0)          -> -EINVAL (no such vcpu)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0xfc, &unmapped) -> -EINVAL (no such vcpu)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 5)              -> -EINVAL (no such vcpu)
  vm: KVM_CREATE_VCPU(0)                                                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8)              -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8, &unmapped)   -> -EFAULT (value not writable)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 5)              -> -ENXIO (no such register)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0xfc)            -> ok
  gic: KVM_SET_DEVICE_ATTR(10, 0, &0)                                      -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(10, 0, &0)                                      -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(10, 0)                                          -> -ENXIO (unknown attribute)
`,
  { until: '6.1' },
)

sequence(
  'the vcpu of a register of a GICv2 is looked for before the value is read',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8)              -> -EINVAL (no such vcpu)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8, &0)          -> -EINVAL (no such vcpu)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0xfc, &unmapped) -> -EINVAL (no such vcpu)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 5)              -> -EINVAL (no such vcpu)
  vm: KVM_CREATE_VCPU(0)                                                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8)              -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8, &unmapped)   -> -EFAULT (value not writable)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 5)              -> -ENXIO (no such register)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0xfc)            -> ok
  gic: KVM_SET_DEVICE_ATTR(10, 0, &0)                                      -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(10, 0, &0)                                      -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(10, 0)                                          -> -ENXIO (unknown attribute)
`,
  { since: '6.1' },
)
