/** KVM_GET_ONE_REG and KVM_SET_ONE_REG on core registers: the id says the size (mail of January 2012). */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'no register can be read or written before KVM_ARM_VCPU_INIT',
  `
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))            -> -ENOEXEC (not initialised)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x0)      -> -ENOEXEC (not initialised)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)                    -> -ENOEXEC (not initialised)
  KVM_GET_ONE_REG(0x0)                                      -> -ENOEXEC (not initialised)
  KVM_GET_ONE_REG(&unmapped, KVM_REG_ARM_CORE_REG(regs.pc)) -> -ENOEXEC (not initialised)
`,
)

sequence(
  'KVM_ARM_VCPU_INIT resets the core registers',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate))         -> ok = 0x3c5
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]), &0x2a) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x1000)    -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))             -> ok = 0x1000
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]))        -> ok = 0x0
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))             -> ok = 0x0
`,
)

sequence(
  'a 32-bit EL1 begins in AArch32 supervisor mode',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate))     -> ok = 0x1d3
`,
)

sequence(
  'a register keeps the size that its id says',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)         -> ok
  KVM_GET_ONE_REG(0x6000000000100000)       -> -EINVAL (no core register)
  KVM_GET_ONE_REG(0x6020000000100000)       -> -EINVAL (no core register)
  KVM_GET_ONE_REG(0x6040000000100000)       -> -EINVAL (no core register)
  KVM_SET_ONE_REG(0x6020000000100000, &0x0) -> -EINVAL (no core register)
  KVM_GET_ONE_REG(0x6030000000100000)       -> ok = 0x0
`,
)

sequence(
  'a core register is found at its own offset only',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)   -> ok
  KVM_GET_ONE_REG(0x6030000000100001) -> -EINVAL (no core register)
  KVM_GET_ONE_REG(0x60300000001000d8) -> -ENOENT (beyond kvm_regs)
  KVM_GET_ONE_REG(0x603000000010ffff) -> -ENOENT (beyond kvm_regs)
`,
)

sequence(
  'an id of another architecture is refused',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)         -> ok
  KVM_GET_ONE_REG(0x0)                      -> -EINVAL (not of arm64)
  KVM_GET_ONE_REG(0x1030000000100000)       -> -EINVAL (not of arm64)
  KVM_GET_ONE_REG(0x4030000000100000)       -> -EINVAL (not of arm64)
  KVM_SET_ONE_REG(0x2030000000100000, &0x0) -> -EINVAL (not of arm64)
  KVM_GET_ONE_REG(0x6031000000100000)       -> -EINVAL (not of arm64)
`,
)

sequence(
  'the pointer to struct kvm_one_reg is read before the id, the pointer in it after',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
  KVM_GET_ONE_REG(&unmapped, KVM_REG_ARM_CORE_REG(regs.pc)) -> -EFAULT (bad pointer)
  KVM_GET_ONE_REG(&short(8), KVM_REG_ARM_CORE_REG(regs.pc)) -> -EFAULT (bad pointer)
  KVM_GET_ONE_REG(0x0, &unmapped)                           -> -EINVAL (not of arm64)
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &unmapped) -> -EFAULT (bad value pointer)
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &readonly) -> -EFAULT (bad value pointer)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &unmapped) -> -EFAULT (bad value pointer)
`,
)

sequence(
  'a guest is not put into a mode it does not have',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3c9) -> -EINVAL (processor mode)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3cd) -> -EINVAL (processor mode)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x1d3) -> -EINVAL (processor mode)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3c0) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3c4) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3c5) -> ok
`,
)

sequence(
  'a 32-bit guest is not put into a 64-bit mode',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x3c5) -> -EINVAL (processor mode)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &0x1d3) -> ok
`,
)

sequence(
  'a register passes whole, whatever its size',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                                             -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.sp), &0x1122334455667788)                           -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.sp))                                                -> ok = 0x1122334455667788
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[31]), &0x112233445566778899aabbccddeeff00) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[31]))                                      -> ok = 0x112233445566778899aabbccddeeff00
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), &0x8000000)                               -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr))                                           -> ok = 0x8000000
`,
)

sequence(
  'an id of another architecture is refused whatever register it would be',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)         -> ok
  vcpu0: KVM_GET_ONE_REG(0x40300000001000ff)       -> -EINVAL (not of arm64)
  vcpu0: KVM_SET_ONE_REG(0x40300000001000ff, &0x0) -> -EINVAL (not of arm64)
`,
)

sequence(
  'behind the last word of struct kvm_regs nothing can be written',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)         -> ok
  KVM_SET_ONE_REG(0x60300000001000d8, &0x0) -> -ENOENT (beyond kvm_regs)
  KVM_SET_ONE_REG(0x60300000001000d7, &0x0) -> -ENOENT (beyond kvm_regs)
`,
)
