/** What other architectures do at once, and arm64 register by register, or not at all. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'registers, floating point and interrupts of other architectures are refused before the vcpu is initialised',
  `
  vcpu0: KVM_GET_REGS               -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_SREGS              -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_SREGS              -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_FPU                -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_FPU                -> -EINVAL (unknown ioctl)
  vcpu0: KVM_INTERRUPT              -> -EINVAL (unknown ioctl)
  vcpu0: KVM_NMI                    -> -EINVAL (unknown ioctl)
  vcpu0: KVM_PRE_FAULT_MEMORY       -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_REGS(1)            -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_SREGS(1)           -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_SREGS(1)           -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_FPU(1)             -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_FPU(1)             -> -EINVAL (unknown ioctl)
  vcpu0: KVM_INTERRUPT(1)           -> -EINVAL (unknown ioctl)
  vcpu0: KVM_NMI(1)                 -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_REGS               -> -EINVAL (not for arm64)
  vcpu0: KVM_SET_REGS(sp_el1 = 0x1) -> -EINVAL (not for arm64)
  vcpu0: KVM_TRANSLATE              -> -EINVAL (not for arm64)
`,
)

sequence(
  'they are refused after it ran',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)      -> ok
  vcpu0: KVM_RUN(immediate_exit)                -> -EINTR (immediate_exit)
  vcpu0: KVM_GET_REGS                           -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_SREGS                          -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_SREGS                          -> -EINVAL (unknown ioctl)
  vcpu0: KVM_GET_FPU                            -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_FPU                            -> -EINVAL (unknown ioctl)
  vcpu0: KVM_INTERRUPT                          -> -EINVAL (unknown ioctl)
  vcpu0: KVM_NMI                                -> -EINVAL (unknown ioctl)
  vcpu0: KVM_SET_REGS                           -> -EINVAL (not for arm64)
  vcpu0: KVM_TRANSLATE(linear_address = 0x1000) -> -EINVAL (not for arm64)
`,
)

sequence(
  'what is written is read before it is refused',
  `
  vcpu0: KVM_SET_REGS(&short(863)) -> -EFAULT (bad pointer)
  vcpu0: KVM_SET_REGS(&short(864)) -> -EINVAL (not for arm64)
  vcpu0: KVM_SET_REGS(&readonly)   -> -EINVAL (not for arm64)
  vcpu0: KVM_TRANSLATE(&short(23)) -> -EFAULT (bad pointer)
  vcpu0: KVM_TRANSLATE(&readonly)  -> -EINVAL (not for arm64)
`,
)

sequence(
  'a VM has no interrupt controller of another architecture',
  `
  vm: KVM_GET_IRQCHIP                               -> -EINVAL (unknown ioctl)
  vm: KVM_SET_IRQCHIP                               -> -EINVAL (unknown ioctl)
  vm: KVM_SET_BOOT_CPU_ID                           -> -EINVAL (unknown ioctl)
  vm: KVM_SET_PMU_EVENT_FILTER                      -> -EINVAL (unknown ioctl)
  vm: KVM_SET_MEMORY_ATTRIBUTES                     -> -EINVAL (unknown ioctl)
  vm: KVM_GET_REGS                                  -> -EINVAL (unknown ioctl)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_GET_IRQCHIP                              -> -ENOTTY (unknown ioctl)
  vm: KVM_GET_IRQCHIP(1)                            -> -EINVAL (unknown ioctl)
`,
)
