/** A GICv3 from its creation to KVM_RUN: what KVM_DEV_ARM_VGIC_CTRL_INIT ends, and what KVM_RUN wants. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a GICv3 with its addresses, initialised after its vcpus, runs',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
)

sequence(
  'once the interrupt controller is initialised no vcpu can be added',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(1)                                                          -> -EBUSY (vgic initialised)
  vm: KVM_CREATE_VCPU(0)                                                          -> -EBUSY (vgic initialised)
`,
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
  'a GICv3 without addresses fails KVM_RUN, which ends that check and not the VM',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                  -> -ENXIO (no redistributor)
  vcpu0: KVM_RUN(immediate_exit)                                                  -> -EINTR (immediate_exit)
  vm: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG)                                        -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST) -> ok
`,
  { until: '6.1' },
)

sequence(
  'a GICv3 without addresses fails KVM_RUN, and the VM, its vcpus and its devices are dead',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                  -> -ENXIO (no redistributor)
  vcpu0: KVM_RUN(immediate_exit)                                                  -> -EIO (dead VM)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                        -> -EIO (dead VM)
  vm: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG)                                        -> -EIO (dead VM)
  vm: KVM_CREATE_VCPU(1)                                                          -> -EIO (dead VM)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST) -> -EIO (dead VM)
`,
  { since: '6.1' },
)

sequence(
  'a VM that is dead does not understand its calls any more, and others live on',
  `
  vm1 = KVM_CREATE_VM(0)                           -> ok
  vm2 = KVM_CREATE_VM(0)                           -> ok
  vm1: KVM_CREATE_VCPU(0)                          -> ok
  vm2: KVM_CREATE_VCPU(0)                          -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)     -> ok
  vm2.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)     -> ok
  vm1: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  vm1.vcpu0: KVM_RUN(immediate_exit)               -> -ENXIO (no redistributor)
  vm1: ioctl(0xaeff)                               -> -EIO (dead VM)
  vm1.vcpu0: ioctl(0xaeff)                         -> -EIO (dead VM)
  vm1.gic: ioctl(0xaeff)                           -> -EIO (dead VM)
  vm2.vcpu0: KVM_RUN(immediate_exit)               -> -EINTR (immediate_exit)
`,
  { since: '6.1' },
)

sequence(
  'a GICv3 with redistributors and without distributor fails KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -ENXIO (no distributor)
`,
)

sequence(
  'a GICv3 with its addresses and without initialisation fails KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EBUSY (vgic not initialised)
`,
)

sequence(
  'an uninitialised vcpu and SVE that is not finalized are noticed before the interrupt controller, and kill nothing',
  `
  vm: KVM_CREATE_VCPU(0)                                  -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                          -> -ENOEXEC (not initialised)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu0: KVM_RUN(immediate_exit)                          -> -EPERM (too early)
  vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vcpu0: KVM_RUN(immediate_exit)                          -> -ENXIO (no redistributor)
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
  'a guest runs with a GICv3',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                    -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)                     -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000)                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)                                 -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
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
  'a GICv3 has no maintenance interrupt to choose',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &25) -> -ENXIO (unknown attribute)
`,
  { until: '7.2' },
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
  { since: '7.2' },
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
