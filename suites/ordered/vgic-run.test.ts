/** A GICv3 and KVM_RUN: what it wants of the interrupt controller, and the VM that is dead without it. */
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
