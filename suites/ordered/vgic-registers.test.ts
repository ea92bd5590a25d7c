/** Registers of a GICv3: which there are, and that they wait for KVM_DEV_ARM_VGIC_CTRL_INIT. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'registers of a GICv3 wait for the initialisation',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x0, &0)               -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x0, &0)               -> ok
`,
)

sequence(
  'registers of a redistributor belong to a vcpu that exists, and wait for the initialisation',
  `
  vm: KVM_CREATE_VCPU(0)                                                             -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                  -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0xff00000000000004, &0) -> -EINVAL (no such vcpu)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x4, &0)                -> -EBUSY (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)    -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0xff00000000000004, &0) -> -EINVAL (no such vcpu)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 0x4, &0)                -> ok
`,
)

sequence(
  'line levels are read for 32 interrupts at a time, and nothing else of them',
  `
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 32, &0)               -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 33, &0)               -> -EINVAL (level info)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x400, &0)            -> -EINVAL (level info)
`,
)

sequence(
  'the CPU interface has no register where there is none',
  `
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &0x0)             -> -ENXIO (no such register)
`,
  { until: '6.1' },
)

sequence(
  'the CPU interface has no register where there is none, which is not found',
  `
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &unmapped)        -> -EFAULT (value not readable)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &0x0)             -> -ENOENT (no such register)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0, &unmapped)        -> -ENOENT (no such register)
`,
  { since: '6.1' },
)

sequence(
  'line levels wait for the initialisation before it is asked which',
  `
  vm: KVM_CREATE_VCPU(0)                                               -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                    -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 1, &0)     -> -EBUSY (vgic not initialised)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x400, &0) -> -EBUSY (vgic not initialised)
`,
)
