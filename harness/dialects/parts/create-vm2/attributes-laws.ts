/** What holds for every attribute of a VM and every value of it. */
import type { Law } from '../../../model/law.ts'
import { assumed } from '../../../model/rule.ts'
import { poulose } from './attributes.ts'
import { largestIsProbed, sizesOf, takesMemoryUpToItsSize, vectorsAreThoseOfTheVm } from './laws.ts'
import { longestOf } from './vectors.ts'

/** The call that makes a VM with these attributes. */
export const list = (...attributes: readonly [type: string, value: bigint | number][]) =>
  `vm = KVM_CREATE_VM2(nr = ${attributes.length}${attributes
    .map(
      ([of, n], i) =>
        `, attr[${i}].type = KVM_CREATE_VM_ATTR_${of}${Number(n) === 0 ? '' : `, attr[${i}].value = ${n}`}`,
    )
    .join('')})`

export const laws: readonly Law[] = [
  takesMemoryUpToItsSize(poulose('maximum limit for IPA'), (bits) => [`${list(['IPA_SIZE', bits])} -> ok`]),
  vectorsAreThoseOfTheVm((bits) => [`${list(['ARCH_CAPABILITIES', 1], ['SVE_VLEN', bits])} -> ok`]),
  largestIsProbed({
    title: 'what a probe gives is the largest size that a VM can have, and no VM can have more, whatever the size',
    cite: poulose('passing back a non-boolean result specific to the attribute'),
    probe: 'KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_IPA_SIZE)',
    before: [],
    ask: (bits) => list(['IPA_SIZE', bits]),
  }),
  {
    title: 'a capability can be had if and only if the probe gives its bit, and it is the bit that is told',
    cite: poulose('That would make a bit mask like the above trickier'),
    async body({ ask, askAll }) {
      const { last } = await ask('KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES) -> ok')
      await askAll(
        Array.from({ length: 64 }, (_, bit) => {
          const isThere = ((last.value! >> BigInt(bit)) & 1n) === 1n
          return `${list(['ARCH_CAPABILITIES', 1n << BigInt(bit)])} -> ${isThere ? 'ok' : '-EINVAL'}`
        }),
      )
    },
  },
  {
    title: 'the order of the list does not matter',
    cite: assumed('a list says what a VM shall be, and nothing of when'),
    async body({ host, askAll }) {
      const size = sizesOf(host)[0]!
      const length = longestOf(host)
      const wanted: [string, number][] = [
        ['IPA_SIZE', size],
        ['ARCH_CAPABILITIES', length === 0 ? 0 : 1],
        ...(length === 0 ? [] : ([['SVE_VLEN', length]] as [string, number][])),
      ]
      const orders = (rest: [string, number][]): [string, number][][] =>
        rest.length < 2
          ? [rest]
          : rest.flatMap((one, i) => orders(rest.toSpliced(i, 1)).map((others) => [one, ...others]))
      await askAll(orders(wanted).map((order) => `${list(...order)} -> ok`))
    },
  },
]
