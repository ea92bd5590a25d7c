/** What KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR look at first: the attribute, the vcpu, the value. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a GICv3 reads the value before it looks at the attribute, and writes one back at last',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU)  -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST) -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0)                       -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &unmapped)            -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 5)                          -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &unmapped)            -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(&short(23), KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)       -> -EFAULT (bad pointer)
`,
)

sequence(
  'a GICv3 reads the value of every address that is asked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                   -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &unmapped)           -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &readonly)          -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &readonly) -> -ENOENT (no such region)
`,
  { until: '6.1' },
)

sequence(
  'a GICv3 reads the index of a region that is asked for, and the value of no other address',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                   -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &unmapped)           -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &unmapped) -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &readonly)          -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &readonly) -> -ENOENT (no such region)
`,
  { since: '6.1' },
)

sequence(
  'the value for a register of a GICv3 is read before the vcpu is looked for',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x100000004)         -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x100000004, &0)     -> -EINVAL (no such vcpu)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &0)                 -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1)                    -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &0)                -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1)                    -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &0)                -> -EINVAL (level info)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x400, &0)            -> -EINVAL (level info)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &unmapped)          -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &unmapped)         -> -EINVAL (level info)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &unmapped)        -> -ENXIO (no such register)
`,
  { until: '6.1' },
)

sequence(
  'the vcpu of a register of a GICv3 is looked for before the value is read',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x100000004)         -> -EINVAL (no such vcpu)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x100000004, &0)     -> -EINVAL (no such vcpu)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &0)                 -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1)                    -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &0)                -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1)                    -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &0)                -> -EINVAL (level info)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x400, &0)            -> -EINVAL (level info)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &unmapped)          -> -EFAULT (value not writable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &unmapped)         -> -EINVAL (level info)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &unmapped)        -> -ENOENT (no such register)
`,
  { since: '6.1' },
)

sequence(
  'whether a GICv3 has a register can be asked of a vcpu that exists, without initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                              -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4)                    -> -EINVAL (no such vcpu)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0)                   -> ok
  vm: KVM_CREATE_VCPU(0)                                                         -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4)                    -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 5)                    -> -ENXIO (no such register)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x100000004)        -> -EINVAL (no such vcpu)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x400)               -> -ENXIO (no such register)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 5)                         -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU) -> -ENXIO (unknown attribute)
`,
)

sequence(
  'a GICv3 has no group of attributes but its own',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)              -> ok
  gic: KVM_SET_DEVICE_ATTR(10, 0, &0)                            -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(10, 0, &0)                            -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0, &0) -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(10, 0)                                -> -ENXIO (unknown attribute)
`,
)

sequence(
  'the maintenance interrupt is an unknown attribute',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0)                     -> -ENXIO (unknown attribute)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &unmapped)          -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0)                     -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &32)                -> -ENXIO (unknown attribute)
`,
  { until: '7.2' },
)

sequence(
  'the maintenance interrupt is read before it is found to come too late',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0)                     -> -EFAULT (value not readable)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &unmapped)          -> -EFAULT (value not writable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0)                     -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &32)                -> -EBUSY (vgic initialised)
`,
  { since: '7.2' },
)

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

sequence(
  'registers of an ITS are named by their first byte, and there once it has its address',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1)                              -> -EFAULT (value not readable)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1, &0x0)                        -> -EINVAL (misaligned register)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &0x0)                     -> -ENXIO (no ITS address)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1, &unmapped)                   -> -EINVAL (misaligned register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)                   -> -ENXIO (no ITS address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &0x0)                     -> -ENXIO (no such register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &unmapped)                -> -ENXIO (no such register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)                   -> -EFAULT (value not writable)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &unmapped)  -> -EFAULT (value not writable)
  its: KVM_GET_DEVICE_ATTR(10, 0, &0)                                                     -> -ENXIO (unknown attribute)
  its: KVM_SET_DEVICE_ATTR(10, 0, &0)                                                     -> -ENXIO (unknown attribute)
  its: KVM_HAS_DEVICE_ATTR(10, 0)                                                         -> -ENXIO (unknown attribute)
`,
)

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
  { since: '6.1' },
)
