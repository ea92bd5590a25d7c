/** The size of guest physical addresses in the type of KVM_CREATE_VM, before a capability told the limit. */
import { changed, dialect } from '../model/dialect.ts'
import { createVm, DEFAULT, lawsOf, poulose, withoutLimit, zeroIsForty } from './parts/phys-shift/type.ts'

const cite = poulose('The size is encoded as Log2(PA_Size) in the bits[7:0] of the type field')

export default dialect({
  name: 'phys-shift-2018',
  about: 'Bits 7 to 0 of the type of KVM_CREATE_VM are log2 of the size of guest physical addresses, capped at 40',
  mail: {
    date: '2018-06-29',
    from: 'Suzuki K Poulose',
    subject: '[PATCH v3 15/20] kvm: arm/arm64: Allow tuning the physical address size for VM',
  },
  ioctls: (shipped) =>
    changed(shipped, {
      KVM_CREATE_VM: createVm({
        mask: 0xffn,
        sizeOf: (value) => Number(value) || DEFAULT,
        says: 'A VM with guest physical addresses of that many bits; 40 for type 0.',
        cite: poulose('value 0 implies the default IPA size, which is 40bits'),
      }),
      KVM_CHECK_EXTENSION: withoutLimit,
    }),
  sequences: [
    {
      title: 'value 0 implies 40 bits',
      text: `
        vm = KVM_CREATE_VM(0)                            -> ok
        vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok = 0
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffffff000, memory_size = 0x1000) -> ok
        vm1 = KVM_CREATE_VM(40)                          -> ok
        vm1: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffffff000, memory_size = 0x1000) -> ok
        vm2 = KVM_CREATE_VM(41)                          -> -EINVAL (IPA size too big)`,
    },
    {
      title: 'a size below 32 bits is not refused, since no lower limit is named',
      text: `
        KVM_CREATE_VM(1)  -> ok
        KVM_CREATE_VM(31) -> ok
        KVM_CREATE_VM(32) -> ok`,
    },
    {
      title: 'memory slots are checked against the size from the start',
      text: `
        KVM_CREATE_VM(16)                                                              -> ok
        KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xf000, memory_size = 0x1000)  -> ok
        KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)`,
    },
    {
      title: 'no bit above 7 means anything',
      text: `
        KVM_CREATE_VM(0x100)     -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(0x128)     -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(1 << 63)   -> -EINVAL (unknown type bits)`,
    },
    {
      title: 'the whole of bits 7 to 0 is the size',
      text: `
        KVM_CREATE_VM(0x80)  -> -EINVAL (IPA size too big)
        KVM_CREATE_VM(255)   -> -EINVAL (IPA size too big)`,
    },
  ],
  laws: [...lawsOf(new Map(Array.from({ length: DEFAULT + 1 }, (_, n) => [n, n || DEFAULT])), cite), zeroIsForty],
  compared: [
    {
      about: 'the largest size',
      drafted: '40 bits on every host',
      shipped: 'the limit of the host, which KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) gives',
      asks: `
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok
        KVM_CREATE_VM(41)                            -> ok
        KVM_CREATE_VM(53)                            -> -EINVAL (IPA size too big)`,
      because:
        'A value that goes beyond yes and no, such as the largest size, has to be told by the host, so that userspace '
        + 'can tune what is there.',
      source: 'Suzuki K Poulose, 2018-07-10: We also need to advertise which attributes are supported by the host',
    },
    {
      about: 'the smallest size',
      drafted: 'none is named',
      shipped: '32 bits',
      asks: `
        KVM_CREATE_VM(1)  -> -EINVAL (IPA size too small)
        KVM_CREATE_VM(31) -> -EINVAL (IPA size too small)
        KVM_CREATE_VM(32) -> ok`,
      because: 'The thread has no argument for it: nobody speaks of a smallest size there.',
      source: 'Will Deacon and Suzuki K Poulose, 2018-07-04, who speak of the number of bits only',
    },
    {
      about: 'type 0',
      drafted: '40 bits, as before there was a size',
      shipped: 'the same',
      asks: `
        vm = KVM_CREATE_VM(0)                                                                 -> ok
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffffff000, memory_size = 0x1000)  -> ok
        vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)`,
      because: 'Programs that know nothing of sizes have to go on as they did.',
      source: 'Suzuki K Poulose, 2018-07-04: keeping the backward compatibility by mapping 0 to 40bits',
    },
    {
      about: 'eight bits for one size',
      drafted: 'log2 of the size in bits 7 to 0, as it stands; the others are kept for more information',
      shipped: 'the same; from 7.2 on bit 31 means something, of all others none does',
      asks: `
        KVM_CREATE_VM(255)       -> -EINVAL (IPA size too big)
        KVM_CREATE_VM(0x128)     -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(1 << 63)   -> -EINVAL (unknown type bits)`,
      because:
        'Eight bits of an interface that cannot be extended were found a lot for an esoteric parameter; but the size is '
        + 'needed as soon as the VM is made.',
      source: 'Will Deacon and Suzuki K Poulose, 2018-07-04: we need the size as soon as the VM is created',
    },
    {
      about: 'another ioctl instead',
      drafted: 'none: the size is part of KVM_CREATE_VM',
      shipped: 'the same, so that there is no other ioctl to ask; what one might have been create-vm2-2018-half shows',
      because: 'The stage 2 tables are laid out when the VM is made, and memory slots are checked from then on.',
      source: 'Suzuki K Poulose, 2018-06-29: finalise the stage2 page table format as early as possible',
    },
  ],
})
