/** The type of KVM_CREATE_VM as a proposal has it: rules for the size in it, and what holds for every value. */
import fc from 'fast-check'
import { onlyLimit } from '../../../model/host.ts'
import type { Law } from '../../../model/law.ts'
import { byValue } from '../../../model/number-argument.ts'
import { assumed, mail, type Citation, type Grant, type Ioctl } from '../../../model/rule.ts'
import { anyNumber, printNumber, u64 } from '../../../model/scalar.ts'
import { addVm } from '../../../model/world.ts'
import { caps } from '../../../names/index.ts'
import { upTo } from '../create-vm2/laws.ts'

/** What the patch says, and its documentation in the header. */
export const poulose = (passage: string) => mail('2018-06-29 Suzuki K Poulose', passage)
/** The review of it. */
export const deacon = (passage: string) => mail('2018-07-04 Will Deacon', passage)

export const DEFAULT = 40

/** Sizes by the bits of the type that are known; a type of other bits means nothing. */
export interface Encoding {
  /** The bits that hold the size. */
  mask: bigint
  /** Bits of a guest physical address; undefined for a value that stands for none. */
  sizeOf(value: bigint): number | undefined
  cite: Citation
  says: string
}

/** KVM_CREATE_VM with such a type. */
export const createVm =
  ({ mask, sizeOf, cite, says }: Encoding) =>
  (ioctl: Ioctl): Ioctl<bigint> => {
    const bitsOf = (type: bigint): number => sizeOf(type & mask) ?? Infinity
    return {
      ...ioctl,
      takes: byValue(
        u64(
          'the type of the VM',
          fc.oneof(anyNumber(64, [0n, 0n, 1n, 2n, 32n, 36n, 40n, 41n]), fc.bigInt({ min: 0n, max: mask })),
          printNumber,
        ),
      ),
      mayMake: (type) => (type & ~mask) === 0n && bitsOf(type) <= DEFAULT,
      refuses: [
        {
          why: 'unknown type bits',
          says: 'The other bits can encode more in the future, and mean nothing yet.',
          cite: poulose('can encode more information in the future if required'),
          errno: 'EINVAL',
          when: (_, type) => (type & ~mask) !== 0n,
        },
        {
          why: 'IPA size too big',
          says: 'The size is capped at 40 bits on every host.',
          cite: poulose('The IPA size is still capped at 40bits'),
          errno: 'EINVAL',
          when: (_, type) => bitsOf(type) > DEFAULT,
        },
      ],
      grants: {
        says,
        cite,
        then(here, type, into) {
          addVm(here, into, bitsOf(type))
        },
      },
    }
  }

/** KVM_CHECK_EXTENSION before there was a capability for the size. */
export const withoutLimit = (ioctl: Ioctl): Ioctl => ({
  ...ioctl,
  grants: [ioctl.grants].flat().map((grant): Grant<bigint> => ({
    ...grant,
    cite: assumed('the patch has no capability; what every host can do needs none'),
    gives: (here, cap) => (cap === BigInt(caps.KVM_CAP_ARM_VM_IPA_SIZE) ? 0n : grant.gives?.(here, cap)),
  })),
})

/** What holds for every type; `fine`: the size for each that is taken. */
export const lawsOf = (fine: ReadonlyMap<number, number>, cite: Citation): readonly Law[] => [
  {
    title: 'KVM_CREATE_VM takes a type if and only if it stands for a size of 40 bits at most, for every value',
    cite,
    async body({ askAll, forAll }) {
      const answer = (type: bigint) => (type < 256n && fine.has(Number(type)) ? 'ok' : '-EINVAL')
      const line = (type: bigint) => `KVM_CREATE_VM(0x${type.toString(16)}) -> ${answer(type)}`
      await askAll(Array.from({ length: 256 }, (_, type) => line(BigInt(type))))
      await askAll(Array.from({ length: 56 }, (_, i) => line(1n << BigInt(i + 8))))
      await askAll(Array.from({ length: 56 }, (_, i) => line((1n << BigInt(i + 8)) | 40n)))
      await forAll(
        fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 60 }),
        (types) => askAll(types.map(line)),
        6,
      )
    },
  },
  {
    title: 'a VM takes memory up to the size that its type says, and none beyond',
    cite: poulose('perform the right checks on the memory slots without complication'),
    async body({ host, askAll, notOffered }) {
      const why = onlyLimit(host)
      if (why) notOffered(why)
      const withPages = [...fine].filter(([, bits]) => bits >= 13)
      const smaller = [...fine].filter(([, bits]) => bits < 12)
      await askAll([
        ...withPages.map(([type, bits]) => [`KVM_CREATE_VM(${type}) -> ok`, ...upTo(bits)].join('\n')),
        ...smaller.map(
          ([type]) =>
            `KVM_CREATE_VM(${type}) -> ok
            vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT`,
        ),
      ])
    },
  },
]

/** Programs that know nothing of sizes get what they always got. */
export const zeroIsForty: Law = {
  title: 'a VM of type 0 answers whatever it is asked like one of type 40',
  cite: poulose('For backward compatibility, value 0 implies the default IPA size, which is 40bits'),
  async body({ ask, holds, forAll }) {
    const near = fc
      .tuple(fc.integer({ min: 30, max: 48 }), fc.integer({ min: -2, max: 2 }))
      .map(([bits, pages]) => `0x${((1n << BigInt(bits)) + BigInt(pages) * 0x1000n).toString(16)}`)
    const slots = fc.array(fc.tuple(near, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 12 })
    await forAll(
      slots,
      async (asked) => {
        const calls = asked.map(
          ([at, pages], slot) =>
            `KVM_SET_USER_MEMORY_REGION(slot = ${slot}, guest_phys_addr = ${at}, memory_size = ${pages * 0x1000}, `
            + 'userspace_addr = &ram)',
        )
        const heard = await ask(
          [
            'vm1 = KVM_CREATE_VM(0) -> ok',
            'vm2 = KVM_CREATE_VM(40) -> ok',
            ...calls.flatMap((call) => [`vm1: ${call}`, `vm2: ${call}`]),
          ].join('\n'),
        )
        for (const [i] of calls.entries()) {
          const [zero, forty] = [heard.answers[2 + 2 * i]!, heard.answers[3 + 2 * i]!]
          holds(zero.ret === forty.ret, heard, `the answer of the other VM: ${zero.ret}`, 3 + 2 * i)
        }
      },
      40,
    )
  },
}
