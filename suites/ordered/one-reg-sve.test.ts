/** KVM_GET_ONE_REG and KVM_SET_ONE_REG on SVE registers, of which KVM_REG_ARM64_SVE_VLS has an order of its own. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the vector lengths can be chosen before KVM_ARM_VCPU_FINALIZE, and read at any time',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x1
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x1
`,
)

sequence(
  'the vector registers exist from KVM_ARM_VCPU_FINALIZE on',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> -EPERM (too early)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1) -> -EPERM (too early)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_PREG(0, 0))       -> -EPERM (too early)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_FFR(0))           -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> ok = 0x1
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_PREG(15, 0))      -> ok = 0x0
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_FFR(0))           -> ok = 0x0
`,
)

sequence(
  'the registers of the other kinds do not wait for KVM_ARM_VCPU_FINALIZE',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)           -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]), &0x2a) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]))        -> ok = 0x2a
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr))        -> ok = 0x0
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 1, 0, 0))              -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)                  -> ok
`,
)

sequence(
  'a set of vector lengths that the host cannot do is refused',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x0)     -> -EINVAL (vector lengths)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x2)     -> -EINVAL (vector lengths)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x10001) -> -EINVAL (vector lengths)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
`,
)

sequence(
  'the host’s own vector lengths can be written back',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &reset)   -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
`,
)

sequence(
  'vector lengths chosen too late are refused before the pointer is read',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)  -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &unmapped) -> -EFAULT (bad value pointer)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)           -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &unmapped) -> -EPERM (too late)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &unmapped) -> -EFAULT (bad value pointer)
`,
)

sequence(
  'vector registers read too early are refused before the pointer is written',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)         -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &unmapped) -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                  -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &unmapped) -> -EFAULT (bad value pointer)
`,
)

sequence(
  'without SVE there are no SVE registers',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)              -> -ENOENT (vcpu without SVE)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> -ENOENT (vcpu without SVE)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> -ENOENT (vcpu without SVE)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> -ENOENT (vcpu without SVE)
`,
)

sequence(
  'there are no slices of a vector register but the first',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 1))    -> -ENOENT (no such slice)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 1))    -> -ENOENT (no such slice)
`,
)

sequence(
  'with SVE the vector registers are no longer core registers',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)        -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])) -> -EINVAL (use SVE registers)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                 -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])) -> -EINVAL (use SVE registers)
`,
)

sequence(
  'without SVE the vector registers are core registers',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                              -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &0x2a) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]))        -> ok = 0x2a
`,
)

sequence(
  'KVM_ARM_VCPU_INIT before KVM_ARM_VCPU_FINALIZE takes the chosen vector lengths back',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &reset)   -> ok
`,
)

sequence(
  'KVM_ARM_VCPU_INIT after KVM_ARM_VCPU_FINALIZE keeps the vector lengths and clears the registers',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)         -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)              -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x2a) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)     -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)               -> ok = 0x1
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))        -> ok = 0x0
`,
)

sequence(
  'vcpus of one VM may have different vector lengths',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
  vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vcpu1: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &reset)   -> ok
  vcpu1: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x1
`,
)

sequence(
  'ZCR_EL1 comes with SVE',
  `
  vm1 = KVM_CREATE_VM(0)                                      -> ok
  vm2 = KVM_CREATE_VM(0)                                      -> ok
  vm1: KVM_CREATE_VCPU(0)                                     -> ok
  vm2: KVM_CREATE_VCPU(0)                                     -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                -> ok
  vm1.vcpu0: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 1, 2, 0))    -> -ENOENT (no register)
  vm2.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vm2.vcpu0: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 1, 2, 0))    -> ok
`,
)

sequence(
  'a register that is not there is noticed before the value is read, whatever its kind',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)                   -> ok
  vcpu0: KVM_SET_ONE_REG(0x60300000001000d5, &0x0)                          -> -EINVAL (no core register)
  vcpu0: KVM_SET_ONE_REG(0x6030000000100001, &0x0)                          -> -EINVAL (no core register)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &unmapped) -> -EINVAL (use SVE registers)
  vcpu0: KVM_SET_ONE_REG(0x6080000000150620, &0x0)                          -> -EINVAL (no SVE register)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 1), &0x0)                -> -ENOENT (no such slice)
  vcpu0: KVM_SET_ONE_REG(0x6020000000140000, &unmapped)                     -> -ENOENT (wrong size)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_DEMUX_ID_CCSIDR(14), &unmapped)        -> -ENOENT (no cache)
`,
)
