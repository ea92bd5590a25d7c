/** The size of guest physical addresses in three bits of the type of KVM_CREATE_VM, as the reviewer would have it. */
import { changed, dialect } from '../model/dialect.ts'
import { assumed } from '../model/rule.ts'
import { createVm, deacon, lawsOf, withoutLimit } from './parts/phys-shift/type.ts'

/** Those that a CPU can have (ID_AA64MMFR0_EL1.PARange), with the default first, so that 0 stands for it. */
const sizes = [40, 32, 36, 42, 44, 48, 52]
const cite = deacon('condense the number of sizes you support instead')

export default dialect({
  name: 'phys-shift-2018-condensed',
  about: 'Bits 2 to 0 of the type of KVM_CREATE_VM number the sizes that there are, 0 being 40 bits',
  mail: {
    date: '2018-07-04',
    from: 'Will Deacon',
    subject: 'Re: [PATCH v3 15/20] kvm: arm/arm64: Allow tuning the physical address size for VM',
  },
  ioctls: (shipped) =>
    changed(shipped, {
      KVM_CREATE_VM: createVm({
        mask: 0b111n,
        sizeOf: (value) => sizes[Number(value)],
        says: 'A VM of the size with that number: 0 is 40 bits, 1 is 32, 2 is 36; the larger ones are beyond the cap.',
        cite: assumed('the sizes are those of ID_AA64MMFR0_EL1.PARange, numbered so that 0 stays 40 bits'),
      }),
      KVM_CHECK_EXTENSION: withoutLimit,
    }),
  sequences: [
    {
      title: '0 stays 40 bits',
      text: `
        vm = KVM_CREATE_VM(0)                            -> ok
        vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok = 0
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffffff000, memory_size = 0x1000) -> ok
        vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)`,
    },
    {
      title: 'a size has a number',
      text: `
        vm = KVM_CREATE_VM(2) -> ok
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xffffff000, memory_size = 0x1000) -> ok
        vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)
        vm1 = KVM_CREATE_VM(1) -> ok
        vm1: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x100000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)`,
    },
    {
      title: 'sizes beyond the cap have a number for later, and one number has no size',
      text: `
        KVM_CREATE_VM(3) -> -EINVAL (IPA size too big)
        KVM_CREATE_VM(6) -> -EINVAL (IPA size too big)
        KVM_CREATE_VM(7) -> -EINVAL (IPA size too big)`,
    },
    {
      title: 'five bits are free for something else',
      text: `
        KVM_CREATE_VM(8)       -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(40)      -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(1 << 63) -> -EINVAL (unknown type bits)`,
    },
  ],
  laws: lawsOf(new Map([40, 32, 36].map((bits, type) => [type, bits])), cite),
  compared: [
    {
      about: 'a number for each size',
      drafted: 'few sizes, so that few bits of the type are needed',
      shipped: 'log2 of the size itself, in eight bits: a small number is a size that is too small',
      asks: `
        KVM_CREATE_VM(1) -> -EINVAL (IPA size too small)
        KVM_CREATE_VM(2) -> -EINVAL (IPA size too small)
        KVM_CREATE_VM(7) -> -EINVAL (IPA size too small)`,
      because:
        'The size is needed when the VM is made, and 0 has to mean 40 bits; a thought was promised, and the encoding '
        + 'stayed.',
      source: 'Suzuki K Poulose, 2018-07-04: mapping 0 to 40bits. I will give it a thought',
    },
    {
      about: 'sizes between those of CPUs',
      drafted: 'none',
      shipped: 'any from 32 to the limit of the host',
      asks: `
        KVM_CREATE_VM(33) -> ok
        KVM_CREATE_VM(39) -> ok`,
      because: 'Eight bits seemed a lot for a fairly esoteric parameter, but nobody said which sizes to leave out.',
      source:
        'Will Deacon, 2018-07-04: quite a lot of bits in a non-extensible interface to a fairly esoteric parameter',
    },
  ],
})
