/** What kernels once got wrong and nothing else here asks for; the bugs are in fixtures/errata.ts. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu with a 32-bit EL1 can be in System mode',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT)                 -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x1f)              -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate))                     -> ok = 0x1f
`,
)

sequence(
  'in the 32-bit user mode, whatever flags are set, only r0 to r14 and the pc are cut to 32 bits',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                      -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[14]), &0x100000001)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[15]), &0x100000001)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[30]), &0x100000001)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x100000001)           -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0xf0000010)        -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                         -> ok = 0x1
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[14]))                   -> ok = 0x1
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[15]))                   -> ok = 0x100000001
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[30]))                   -> ok = 0x100000001
`,
  { since: '6.1' },
)

sequence(
  'ID_AA64MMFR0_EL1.ASIDBits is what the CPU has',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                      -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 7, 0), &reset ^ 0x20)           -> -EINVAL (value)
`,
)

sequence(
  'a redistributor region that was refused for lying over the distributor is not there',
  `
  vm: KVM_CREATE_VCPU(0)                                                                                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &0x10000008000000)   -> -EINVAL (frames over the distributor)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &0x0)                -> -ENOENT (no such region)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &0x100000080a0000)   -> ok
`,
  { since: '6.1' },
)

sequence(
  'a GICv2 says which interrupts of a vcpu that has run are pending',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                    -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                              -> -EINTR (immediate_exit)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x200, &0)                         -> ok
`,
)

sequence(
  'GICR_TYPER can be read before the redistributors have an address',
  `
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, 8, &0)               -> ok
`,
)

sequence(
  'a guest’s access to a device is answered with an external abort',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                                        -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_SET_VCPU_EVENTS(exception.ext_dabt_pending = 1)                                                      -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                                  -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu that could not run before there was a GIC is initialised again after one was made',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
  vcpu0: KVM_RUN(immediate_exit)                             -> -EINVAL (PMU not set up)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)          -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
`,
  { since: '6.14' },
)

sequence(
  'a vcpu runs whose id is not below the number of vcpus',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(2)                                                                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  vcpu2: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  vcpu2: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu with a PMU is initialised again after its ID register was told that there is none',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)   -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0), &reset) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)   -> ok
`,
  { since: '6.12' },
)

sequence(
  'a vcpu that CPU_ON switches on begins where it should, whatever exception was due before',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(hypercalls)) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)             -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)             -> ok
  vcpu1: KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)                            -> ok
  vcpu1: KVM_SET_VCPU_EVENTS(exception.ext_dabt_pending = 1)               -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]), &0xc4000003)  -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[1]), &0x1)         -> ok
  vcpu0: KVM_RUN                                                           -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                    -> ok = 0
  vcpu1: KVM_RUN(immediate_exit)                                           -> -EINTR (immediate_exit)
  vcpu1: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                    -> ok = 0
`,
)

sequence(
  'FPEXC32_EL2 is reset to what the architecture says',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 4, 5, 3, 0))                                   -> ok = 0x700
`,
)

sequence(
  'the bits that name a vcpu, all twelve, mean nothing for a shared interrupt',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                               -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | vcpu 255 | 32)                          -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | vcpu 256 | 32)                          -> ok
`,
)

sequence(
  'registers of a GICv2 are those of the vcpu with that id, whatever number it was created as',
  `
  vm: KVM_CREATE_VCPU(1)                                                          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                               -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0x100000000)            -> ok
  gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0x0)                    -> -EINVAL (no such vcpu)
`,
)

sequence(
  'an access is completed once, however often KVM_RUN comes back at once',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(mmio-loads)) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                                               -> ok
  KVM_RUN                                                                         -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                                  -> ok = 0x4
  KVM_RUN(immediate_exit)                                                         -> -EINTR (immediate_exit)
  KVM_RUN(immediate_exit)                                                         -> -EINTR (immediate_exit)
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                                  -> ok = 0x8
`,
)

sequence(
  'interrupts of a GICv2 are in group 0',
  `
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                               -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x80, &0x0)            -> ok = 0
`,
)
