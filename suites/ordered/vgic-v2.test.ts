/** A GICv2: its addresses as attributes (devices/arm-vgic.rst), and what KVM_RUN wants of it. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'an address of a GICv2 that is not set reads as all ones',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                           -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x0)       -> ok = 0xffffffffffffffff
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x0)       -> ok = 0x8000000
`,
)

sequence(
  'a GICv2 does not know the addresses of a GICv3',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> -ENXIO (unknown attribute)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION)      -> -ENXIO (unknown attribute)
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU)                -> ok
`,
)

sequence(
  'an address of a GICv2 is set once, aligned to 4K and within the guest physical address space',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                              -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8000800)     -> -EINVAL (misaligned)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x10000000000) -> -E2BIG (beyond the IPA size)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)     -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8020000)     -> -EEXIST (already set)
`,
)

sequence(
  'a GICv2 runs with its two addresses, and initialises itself',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                    -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                              -> -EINTR (immediate_exit)
  vm: KVM_CREATE_VCPU(1)                                                                      -> -EBUSY (vgic initialised)
`,
)

sequence(
  'a GICv2 without its addresses fails KVM_RUN, and the VM lives on',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -ENXIO (no GICv2 address)
  vcpu0: KVM_RUN(immediate_exit)                                 -> -EINTR (immediate_exit)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
`,
  { until: '6.1' },
)

sequence(
  'a GICv2 without its addresses fails KVM_RUN, which kills the VM',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -ENXIO (no GICv2 address)
  vcpu0: KVM_RUN(immediate_exit)                                 -> -EIO (dead VM)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EIO (dead VM)
`,
  { since: '6.1' },
)

sequence(
  'a GICv2 with one of its two addresses does not run',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -ENXIO (no GICv2 address)
`,
)

sequence(
  'a register of the distributor is read through a vcpu that exists',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                 -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x4, &0) -> -EINVAL (no such vcpu)
  vm: KVM_CREATE_VCPU(0)                                            -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x4, &0) -> ok
`,
)

sequence(
  'reading a register initialises a GICv2, and no vcpu can be added',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                 -> ok
  vm: KVM_CREATE_VCPU(0)                                            -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x4, &0) -> ok
  vm: KVM_CREATE_VCPU(1)                                            -> -EBUSY (vgic initialised)
`,
)

sequence(
  'a guest runs with a GICv2',
  `
  KVM_CREATE_IRQCHIP                                                                                          -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)                                              -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)                                               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                                              -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_RUN                                                                                              -> ok = KVM_EXIT_SYSTEM_EVENT
`,
)

sequence(
  'frames of a GICv2 that overlap are found before a PMU that is not set up, and kill the VM',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8000000)  -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                  -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                              -> -EINVAL (frames overlap)
  vcpu0: KVM_RUN(immediate_exit)                                                              -> -EIO (dead VM)
`,
  { since: '6.1' },
)
