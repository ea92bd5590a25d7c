/** KVM_GET_ONE_REG and KVM_SET_ONE_REG on system registers: which there are, and when the ID registers are fixed. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a system register has 64 bits, whatever its id says otherwise',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)             -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 1, 0, 0)) -> ok
  KVM_GET_ONE_REG(0x602000000013c080)           -> -ENOENT (no register)
  KVM_SET_ONE_REG(0x602000000013c080, &0x0)     -> -ENOENT (no register)
`,
)

sequence(
  'a system register that does not exist is not found',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 7, 15, 15, 7))       -> -ENOENT (no register)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 7, 15, 15, 7), &0x0) -> -ENOENT (no register)
  KVM_GET_ONE_REG(0x6030000000120000)                   -> -ENOENT (no register)
`,
)

sequence(
  'writing a register that does not exist is noticed before the value is read',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 7, 15, 15, 7), &unmapped) -> -ENOENT (no register)
`,
  { until: '6.1' },
)

sequence(
  'the value is read before a register that does not exist is noticed',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 7, 15, 15, 7), &unmapped) -> -EFAULT (bad value pointer)
`,
  { since: '6.1' },
)

sequence(
  'the keys of pointer authentication come with its features',
  `
  vm1 = KVM_CREATE_VM(0)                                                                                 -> ok
  vm2 = KVM_CREATE_VM(0)                                                                                 -> ok
  vm1: KVM_CREATE_VCPU(0)                                                                                -> ok
  vm2: KVM_CREATE_VCPU(0)                                                                                -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                           -> ok
  vm1.vcpu0: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 2, 1, 0))                                               -> -ENOENT (no register)
  vm2.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS | KVM_ARM_VCPU_PTRAUTH_GENERIC) -> ok
  vm2.vcpu0: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 2, 1, 0))                                               -> ok
`,
)

sequence(
  'PMCR_EL0 is there without a PMU',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)              -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 3, 9, 12, 0)) -> ok
`,
  { until: '6.1' },
)

sequence(
  'PMCR_EL0 comes with a PMU',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)              -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 3, 9, 12, 0)) -> -ENOENT (no register)
`,
  { since: '6.1' },
)

sequence(
  'an ID register can be written back as it is, before and after KVM_RUN',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &reset) -> ok
  KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &reset) -> ok
`,
)

sequence(
  'an ID register cannot be changed',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x0) -> -EINVAL (value)
`,
  { until: '6.12' },
)

sequence(
  'features are taken from an ID register until the VM has run',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                    -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x0)  -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0))        -> ok = 0x0
  KVM_RUN(immediate_exit)                              -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x0)  -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x10) -> -EBUSY (ID registers are fixed)
`,
  { since: '6.12' },
)

sequence(
  'a PMU that is not Arm’s is none, also once the VM has run and nothing else can be written',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                               -> ok
  KVM_RUN(immediate_exit)                                         -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0), &reset ^ 0xf00)   -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0), &reset ^ 0x100)   -> -EBUSY (ID registers are fixed)
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0))                   -> ok
`,
  { since: '6.12' },
)

sequence(
  'an ID register belongs to the VM, and all its vcpus see the change',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
  vcpu0: KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x0) -> ok
  vcpu1: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0))       -> ok = 0x0
`,
  { since: '6.12' },
)

sequence(
  'MPIDR_EL1 follows from the vcpu id',
  `
  vcpu5: KVM_ARM_VCPU_INIT(features[] = 0)             -> ok
  vcpu5: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 0, 5)) -> ok = 0x80000005
`,
)

sequence(
  'under another coprocessor number there is no register, whatever its value would be',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)         -> ok
  vcpu0: KVM_SET_ONE_REG(0x603000000012c020, &0x0) -> -ENOENT (no register)
`,
)

sequence(
  'several fields of an ID register are taken where each of them is taken, a feature that the host has not with none',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                               -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x11110)         -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0))                   -> ok = 0x11110
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x1111f)         -> -EINVAL (value)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0), &0x11130)         -> -EINVAL (value)
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 6, 0))                   -> ok = 0x11110
`,
  { since: '6.12' },
)

sequence(
  'a PMU that the architecture does not know is none, and reads so',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                              -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0), &reset ^ 0xf00)  -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0))                  -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 5, 0), &reset ^ 0x100)  -> -EINVAL (value)
`,
  { since: '6.12' },
)

sequence(
  'CLIDR_EL1 takes any caches, but no bit that the architecture has not given a meaning',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x3fffffff)       -> ok
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1))                    -> ok = 0x3fffffff
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x80003fffffff)   -> -EINVAL (no such caches)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &1 << 63)          -> -EINVAL (no such caches)
  KVM_RUN(immediate_exit)                                          -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x3fffffff)       -> ok
`,
  { since: '6.12' },
)

sequence(
  'where data caches must be cleaned, CLIDR_EL1 says up to where',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x9000000) -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x1200000) -> ok
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x1000000) -> -EINVAL (no cache levels)
  KVM_SET_ONE_REG(ARM64_SYS_REG(3, 1, 0, 0, 1), &0x8200000) -> -EINVAL (no cache levels)
`,
  { since: '6.12' },
)
