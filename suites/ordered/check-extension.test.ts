/** KVM_CHECK_EXTENSION and the two other calls that ask what there is. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the API version is 12 and takes no argument',
  `
  KVM_GET_API_VERSION    -> ok = 12
  KVM_GET_API_VERSION(1) -> -EINVAL (argument)
`,
)

sequence(
  'the size of kvm_run takes no argument',
  `
  KVM_GET_VCPU_MMAP_SIZE(1) -> -EINVAL (argument)
  KVM_GET_VCPU_MMAP_SIZE    -> ok
`,
)

sequence(
  'an unknown capability is not supported, which is no error',
  `
  kvm: KVM_CHECK_EXTENSION(9999) -> ok = 0
  kvm: KVM_CHECK_EXTENSION(-1)   -> ok = 0
  vm: KVM_CHECK_EXTENSION(9999)  -> ok = 0
`,
)

sequence(
  'registers one at a time, device control and PSCI 0.2 are everywhere',
  `
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG)             -> ok = 1
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_DEVICE_CTRL)         -> ok = 1
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SET_DEVICE_ADDR) -> ok = 1
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_PSCI_0_2)        -> ok = 1
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_IMMEDIATE_EXIT)      -> ok = 1
`,
)

sequence(
  'what a VM answers does not depend on its IPA size',
  `
  vm = KVM_CREATE_VM(32)                           -> ok
  vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_PSCI_0_2)    -> ok = 1
  vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok
`,
)

sequence(
  'a vcpu does not know KVM_CHECK_EXTENSION',
  `
  vcpu0: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG) -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'KVM_CAP_MSI_DEVID is asked of a VM, which has it once it has an ITS',
  `
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_MSI_DEVID)        -> -EINVAL (needs a VM)
  vm: KVM_CHECK_EXTENSION(KVM_CAP_MSI_DEVID)         -> ok = 0
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)   -> ok
  vm: KVM_CHECK_EXTENSION(KVM_CAP_MSI_DEVID)         -> ok = 1
`,
)

sequence(
  'KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED is asked of a VM',
  `
  kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED) -> -EINVAL (needs a VM)
`,
  { since: '7.2' },
)
