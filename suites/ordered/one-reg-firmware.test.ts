/**
 * KVM_GET_ONE_REG and KVM_SET_ONE_REG on the pseudo registers of the firmware that KVM plays (arm/fw-pseudo-registers).
 */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'without KVM_ARM_VCPU_PSCI_0_2 PSCI is 0.1 and stays so',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                   -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)           -> ok = 0x1
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x1)     -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x2)     -> -EINVAL (PSCI version)
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10000) -> -EINVAL (PSCI version)
`,
)

sequence(
  'with KVM_ARM_VCPU_PSCI_0_2 PSCI can be set to 0.2 and 1.0, not to 0.1',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)          -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x2)                -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)                      -> ok = 0x2
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10000)            -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x1)                -> -EINVAL (PSCI version)
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x0)                -> -EINVAL (PSCI version)
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0xffffffffffffffff) -> -EINVAL (PSCI version)
`,
)

sequence(
  'PSCI begins with 1.0',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)             -> ok = 0x10000
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10001)   -> -EINVAL (PSCI version)
`,
  { until: '6.1' },
)

sequence(
  'PSCI begins with 1.1',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)             -> ok = 0x10001
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10001)   -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10002)   -> -EINVAL (PSCI version)
`,
  { since: '6.1', until: '7.2' },
)

sequence(
  'PSCI begins with 1.3',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)             -> ok = 0x10003
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10002)   -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10004)   -> -EINVAL (PSCI version)
`,
  { since: '7.2' },
)

sequence(
  'a pseudo register that does not exist is not found',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)              -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_FW_REG(255))       -> -ENOENT (no register)
  KVM_SET_ONE_REG(KVM_REG_ARM_FW_REG(255), &0x0) -> -ENOENT (no firmware register)
`,
)

sequence(
  'there are no bitmaps of firmware features',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)     -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_STD_BMAP) -> -ENOENT (no register)
`,
  { until: '6.1' },
)

sequence(
  'the bitmaps of firmware features are fixed once a vcpu has run',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)           -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_STD_BMAP)       -> ok = 0x1
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x0) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x1) -> ok
  KVM_RUN(immediate_exit)                     -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x1) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x0) -> -EBUSY (VM has run)
`,
  { since: '6.1' },
)

sequence(
  'an unknown bit of a firmware bitmap is noticed before KVM_RUN counts',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x8000000000000000) -> -EINVAL (unknown hypercalls)
  KVM_RUN(immediate_exit)                                    -> -EINTR (immediate_exit)
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x8000000000000000) -> -EINVAL (unknown hypercalls)
`,
  { since: '6.1' },
)

sequence(
  'the firmware bitmaps belong to the VM',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)           -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)           -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x0) -> ok
  vcpu1: KVM_GET_ONE_REG(KVM_REG_ARM_STD_BMAP)       -> ok = 0x0
  vcpu0: KVM_RUN(immediate_exit)                     -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x1) -> -EBUSY (VM has run)
`,
  { since: '6.1' },
)

sequence(
  'the size of a firmware bitmap is looked at before the value is read',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)               -> ok
  vcpu0: KVM_SET_ONE_REG(0x6020000000160000, &unmapped)  -> -ENOENT (wrong size of a bitmap)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &unmapped) -> -EFAULT (bad value pointer)
`,
  { since: '6.1' },
)
