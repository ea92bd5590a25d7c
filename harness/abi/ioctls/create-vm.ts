/** A VM without vcpus and memory. The type argument says how many bits a guest physical address has. */
import { ipaLimit, onlyLimit } from '../../model/host.ts'
import { api, doc, ioctl, src } from '../../model/rule.ts'
import { ioctls, vmTypeBits } from '../../names/index.ts'
import { takes } from '../args/create-vm.ts'
import { noFreeDescriptor } from './no-free-descriptor.ts'
import { addVm } from '../../model/world.ts'

const { KVM_VM_TYPE_ARM_IPA_SIZE_MASK: MASK, KVM_VM_TYPE_ARM_PROTECTED: PROTECTED } = vmTypeBits

const sizeOf = (type: bigint): number => Number(type & MASK)

export default ioctl('KVM_CREATE_VM', {
  nr: ioctls.KVM_CREATE_VM,
  on: ['kvm'],
  weight: 1,
  takes,
  makes: () => 'vm',
  mayMake: (type) => type === 0n || (type >= 32n && type <= 40n),
  refuses: [
    noFreeDescriptor(src('virt/kvm/kvm_main.c', 'kvm_dev_ioctl_create_vm'), { since: '6.0' }),
    {
      why: 'unknown type bits',
      says: 'Only bits 7 to 0 of the type mean something.',
      cite: src('arch/arm64/kvm/reset.c', 'kvm_arm_setup_stage2'),
      until: '7.2',
      errno: 'EINVAL',
      when: (_, type) => (type & ~MASK) !== 0n,
    },
    {
      why: 'unknown type bits',
      variant: 'bit 31 is known',
      says: 'Only bits 7 to 0, and bit 31 for a protected VM, mean something.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_init_vm'),
      since: '7.2',
      errno: 'EINVAL',
      when: (_, type) => (type & ~(MASK | PROTECTED)) !== 0n,
    },
    {
      why: 'no default IPA size',
      says: 'Type 0 stands for 40 bits, which this host cannot do.',
      cite: api('4.2', 'KVM_CAP_ARM_VM_IPA_SIZE'),
      errno: 'EINVAL',
      when: ({ host }, type) => !host.isProtected && sizeOf(type) === 0 && ipaLimit(host) < 40,
      lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}, below 40`,
      unseen: 'no host with fewer than 40 bits of guest physical address was recorded',
    },
    {
      why: 'IPA size too small',
      says: 'A guest physical address has 32 bits at least.',
      cite: api('4.2', 'Host_IPA_Limit is the maximum possible value for IPA_Bits'),
      errno: 'EINVAL',
      when: ({ host }, type) => !host.isProtected && sizeOf(type) !== 0 && sizeOf(type) < 32,
      lacks: () => 'kvm-arm.mode=protected is off',
      notApplicable: onlyLimit,
    },
    {
      why: 'IPA size too big',
      says: 'The host has a limit, which it tells through KVM_CAP_ARM_VM_IPA_SIZE.',
      cite: api('4.2', 'Host_IPA_Limit is the maximum possible value for IPA_Bits'),
      errno: 'EINVAL',
      when: ({ host }, type) => !host.isProtected && sizeOf(type) > ipaLimit(host),
      lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}`,
      notApplicable: onlyLimit,
    },
    {
      why: 'no protected VMs',
      says: 'Bit 31 asks for a protected VM, which needs kvm-arm.mode=protected.',
      cite: doc('arm/pkvm.rst', 'KVM_VM_TYPE_ARM_PROTECTED'),
      text: [
        {
          says: 'The type holds the IPA size in bits 7 to 0; bit 31 is not mentioned.',
          cite: api('4.2', 'The IPA_Bits is encoded in bits[7-0]'),
        },
      ],
      since: '7.2',
      errno: 'EINVAL',
      when: ({ host }, type) => (type & PROTECTED) !== 0n && !host.isProtected,
      lacks: () => 'kvm-arm.mode=protected is off',
    },
    noFreeDescriptor(src('virt/kvm/kvm_main.c', 'kvm_dev_ioctl_create_vm'), {
      variant: 'once there is a VM',
      says: 'The process may open no more descriptors: RLIMIT_NOFILE. The VM that was made is taken away again.',
      until: '6.0',
    }),
  ],
  grants: {
    says: 'A VM with guest physical addresses of that many bits; 40 for type 0. In protected mode the size is ignored.',
    cite: api('4.2', 'a VM fd that can be used to control the new virtual machine'),
    text: [
      {
        says: 'Another size than 0 and 32 to the limit fails, in protected mode, too.',
        cite: api('4.2', 'N Implies N bits'),
        since: '6.12',
      },
    ],
    then: (here, type, into) => {
      addVm(here, into, here.host.isProtected ? ipaLimit(here.host) : sizeOf(type) || 40)
    },
  },
})
