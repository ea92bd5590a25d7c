/** What holds for every value of the struct of KVM_CREATE_VM2. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { assumed } from '../../../model/rule.ts'
import { sizesOf, takesMemoryUpToItsSize, vectorsAreThoseOfTheVm } from './laws.ts'
import { said } from './struct.ts'

const withSize = (bits: number) => [`vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SELECT_IPA, ipa_size = ${bits}) -> ok`]

export const laws: readonly Law[] = [
  takesMemoryUpToItsSize(said('__u8 ipa_size;'), withSize),
  vectorsAreThoseOfTheVm((bits) => [
    `vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = ${bits}) -> ok`,
  ]),
  {
    title: 'for every ipa_size, KVM_CREATE_VM2 that selects it succeeds if and only if it is from 32 to the limit',
    cite: said('KVM_ARM_SELECT_IPA {1 << 1)'),
    async body({ host, askAll }) {
      const fine = new Set(sizesOf(host))
      await askAll(
        Array.from({ length: 256 }, (_, bits) =>
          fine.has(bits) ? withSize(bits)[0]! : withSize(bits)[0]!.replace('-> ok', '-> -EINVAL'),
        ),
      )
    },
  },
  {
    title: 'a bit of the struct that means nothing is refused with EINVAL, whichever it is',
    cite: assumed('what means nothing is refused, so that it can be given a meaning'),
    async body({ askAll, forAll }) {
      const refused = ([field, bit]: readonly [string, number]) =>
        `vm = KVM_CREATE_VM2(${field} = 1 << ${bit}) -> -EINVAL`
      const every = (field: string, first: number, bits: number) =>
        Array.from({ length: bits - first }, (_, i) => [field, first + i] as const)
      const all = [...every('version', 0, 64), ...every('capabilities', 2, 64), ...every('dummy', 0, 872)]
      await askAll(all.map(refused))
      const two = fc.subarray(all, { minLength: 2, maxLength: 2 })
      await forAll(
        fc.array(two, { minLength: 1, maxLength: 40 }),
        (pairs) =>
          askAll(
            pairs.map((pair) => {
              const values = new Map<string, bigint>()
              for (const [field, bit] of pair) values.set(field, (values.get(field) ?? 0n) | (1n << BigInt(bit)))
              const told = [...values].map(([field, value]) => `${field} = 0x${value.toString(16)}`)
              return `vm = KVM_CREATE_VM2(${told.join(', ')}) -> -EINVAL`
            }),
          ),
        10,
      )
    },
  },
]
