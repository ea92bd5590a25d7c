/** The size of guest physical addresses in the type of KVM_CREATE_VM, before a capability told the limit. */
import fc from 'fast-check'
import { byValue } from '../model/number-argument.ts'
import { changed, dialect } from '../model/dialect.ts'
import { mail } from '../model/rule.ts'
import { printNumber, u64 } from '../model/scalar.ts'
import { addVm } from '../model/world.ts'

const said = (passage: string) => mail('2018-06-29 Suzuki K Poulose', passage)

const MASK = 0xffn
const DEFAULT = 40n
const sizeOf = (type: bigint): bigint => type & MASK

const type = u64(
  'the type of the VM',
  fc.oneof(
    { arbitrary: fc.constantFrom(0n, 40n), weight: 6 },
    { arbitrary: fc.integer({ min: 0, max: 255 }).map(BigInt), weight: 4 },
    { arbitrary: fc.integer({ min: 8, max: 63 }).map((bit) => 1n << BigInt(bit)), weight: 1 },
  ),
  printNumber,
)

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
      KVM_CREATE_VM: (ioctl) => ({
        ...ioctl,
        takes: byValue(type),
        refuses: [
          {
            why: 'unknown type bits',
            says: 'Bits 63 to 8 can encode more in the future, and mean nothing yet.',
            cite: said('can encode more information in the future if required'),
            errno: 'EINVAL',
            when: (_, arg: bigint) => (arg & ~MASK) !== 0n,
          },
          {
            why: 'IPA size too big',
            says: 'The size is capped at 40 bits on every host.',
            cite: said('The IPA size is still capped at 40bits'),
            errno: 'EINVAL',
            when: (_, arg: bigint) => sizeOf(arg) > DEFAULT,
          },
        ],
        grants: {
          says: 'A VM with guest physical addresses of that many bits; 40 for type 0.',
          cite: said('value 0 implies the default IPA size, which is 40bits'),
          then: (here, arg: bigint, into) => {
            addVm(here, into, Number(sizeOf(arg) || DEFAULT))
          },
        },
      }),
    }),
  sequences: [
    {
      title: 'value 0 implies 40 bits',
      text: `
        KVM_CREATE_VM(0)  -> ok
        KVM_CREATE_VM(40) -> ok
        KVM_CREATE_VM(41) -> -EINVAL (IPA size too big)`,
    },
    {
      title: 'a size below 32 bits is not refused, since no lower limit is named',
      text: `
        KVM_CREATE_VM(1)  -> ok
        KVM_CREATE_VM(31) -> ok
        KVM_CREATE_VM(32) -> ok`,
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
  compared: [
    {
      about: 'the largest size',
      drafted: '40 bits on every host',
      shipped: 'the limit of the host, which KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) gives',
      asks: `
        KVM_CREATE_VM(40) -> ok
        KVM_CREATE_VM(53) -> -EINVAL (IPA size too big)`,
      because: 'A cap that no program can ask for would have had to rise later without a word.',
      source: 'Suzuki K Poulose, 2018-06-29: The IPA size is still capped at 40bits',
    },
    {
      about: 'the smallest size',
      drafted: 'none is named',
      shipped: '32 bits',
      asks: `
        KVM_CREATE_VM(31) -> -EINVAL (IPA size too small)
        KVM_CREATE_VM(32) -> ok`,
      because: 'Nobody in the thread speaks of it.',
      source: 'Will Deacon and Suzuki K Poulose, 2018-07-04',
    },
    {
      about: 'eight bits for one size',
      drafted: 'log2 of the size in bits 7 to 0, as it stands',
      shipped: 'the same',
      because:
        'Will Deacon found eight bits of an interface that cannot be extended too many; the size is needed when '
        + 'the VM is made, and 0 has to mean 40.',
      source: 'Will Deacon, 2018-07-04: condense the number of sizes you support instead?',
    },
  ],
})
