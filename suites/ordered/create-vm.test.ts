/** KVM_CREATE_VM: the IPA size in the type argument (mails of July 2018), and the VM that needs no finishing. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'type 0 stands for 40 bits',
  `
  KVM_CREATE_VM(0)                                                                                                   -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
)

sequence(
  'type 40 is what type 0 stands for',
  `
  KVM_CREATE_VM(40)                                                                                                  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
)

sequence(
  '32 bits are the smallest IPA size, and they count',
  `
  KVM_CREATE_VM(32)                                                                                                -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x100000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
)

sequence(
  'an IPA size below 32 bits is refused',
  `
  vm = KVM_CREATE_VM(31) -> -EINVAL (IPA size too small)
  vm = KVM_CREATE_VM(1)  -> -EINVAL (IPA size too small)
`,
)

sequence(
  'an IPA size above the limit of the host is refused',
  `
  KVM_CREATE_VM(53)  -> -EINVAL (IPA size too big)
  KVM_CREATE_VM(64)  -> -EINVAL (IPA size too big)
  KVM_CREATE_VM(255) -> -EINVAL (IPA size too big)
`,
)

sequence(
  'a host with 44 bits gives a VM with 44 bits',
  `
  KVM_CREATE_VM(44)                                                                                                   -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xffffffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x100000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
)

sequence(
  'a host with 48 bits gives a VM with 48 bits',
  `
  KVM_CREATE_VM(48)                                                                                                    -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xfffffffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
)

sequence(
  '4K pages with LPA2 give a VM with 52 bits',
  `
  KVM_CREATE_VM(52)                                                                                                     -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0xffffffffff000, memory_size = 0x1000, userspace_addr = &ram)  -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
`,
  { since: '6.12' },
)

sequence(
  'bits of the type beside the IPA size mean nothing',
  `
  KVM_CREATE_VM(0x100)              -> -EINVAL (unknown type bits)
  KVM_CREATE_VM(0x128)              -> -EINVAL (unknown type bits)
  KVM_CREATE_VM(0x40000000)         -> -EINVAL (unknown type bits)
  KVM_CREATE_VM(0x100000028)        -> -EINVAL (unknown type bits)
  KVM_CREATE_VM(0x8000000000000000) -> -EINVAL (unknown type bits)
`,
)

sequence(
  'bit 31 of the type means nothing before protected VMs',
  `
  KVM_CREATE_VM(0x80000000) -> -EINVAL (unknown type bits)
  KVM_CREATE_VM(0x80000028) -> -EINVAL (unknown type bits)
`,
  { until: '7.2' },
)

sequence(
  'bit 31 of the type asks for a protected VM, which a host without pKVM refuses',
  `
  KVM_CREATE_VM(0x80000000) -> -EINVAL (no protected VMs)
  KVM_CREATE_VM(0x80000028) -> -EINVAL (no protected VMs)
`,
  { since: '7.2' },
)

sequence(
  'bit 31 of the type asks for a protected VM, which a host with pKVM makes',
  `
  KVM_CREATE_VM(0x80000000)       -> ok
  vm2 = KVM_CREATE_VM(0x80000020) -> ok
`,
  { since: '7.2' },
)

sequence(
  'in protected mode any IPA size is taken, and the VM has the limit of the host instead',
  `
  KVM_CREATE_VM(31)                                                                                                -> ok
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x100000000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  vm2 = KVM_CREATE_VM(255)                                                                                         -> ok
`,
)

sequence(
  'a KVM_CREATE_VM that was refused leaves no VM behind, and the next one succeeds',
  `
  vm = KVM_CREATE_VM(31) -> -EINVAL (IPA size too small)
  vm: KVM_CREATE_VCPU(0) -> -EBADF (no descriptor)
  vm = KVM_CREATE_VM(32) -> ok
  vm: KVM_CREATE_VCPU(0) -> ok
`,
)

sequence(
  'no call finishes a VM: vcpus, memory and a first KVM_RUN come in any order',
  `
  KVM_CREATE_VM(0)                                                                                         -> ok
  KVM_CREATE_VCPU(0)                                                                                       -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                                 -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                           -> -EINTR (immediate_exit)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> ok
  KVM_CREATE_VCPU(1)                                                                                       -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                                                                 -> ok
  vcpu1: KVM_RUN(immediate_exit)                                                                           -> -EINTR (immediate_exit)
`,
)

sequence(
  'a host with fewer than 40 bits refuses type 0, and gives what it has',
  `
  vm = KVM_CREATE_VM(0)  -> -EINVAL (no default IPA size)
  vm = KVM_CREATE_VM(32) -> ok
`,
)
