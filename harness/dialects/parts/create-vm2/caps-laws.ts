/** What holds for capabilities of a VM that are enabled with arguments, whatever the arguments. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { poulose } from './caps.ts'
import { largestIsProbed, takesMemoryUpToItsSize, vectorsAreThoseOfTheVm } from './laws.ts'

type Cap = 'ARM_VM_IPA_SIZE' | 'ARM_SVE'

/** The call that makes a VM with these capabilities. */
export const list = (...enabled: readonly [cap: Cap, arg: number][]) =>
  `vm = KVM_CREATE_VM2(nr = ${enabled.length}${enabled
    .map(([cap, arg], i) => `, caps[${i}].cap = KVM_CAP_${cap}${arg === 0 ? '' : `, caps[${i}].args[0] = ${arg}`}`)
    .join('')})`

/** The call that enables a capability of a VM that is there. */
export const one = (cap: Cap, arg: number) =>
  `vm: KVM_ENABLE_CAP(cap = KVM_CAP_${cap}${arg === 0 ? '' : `, args[0] = ${arg}`})`

const make = 'vm = KVM_CREATE_VM(0) -> ok'

const isProbed = (before: readonly string[], enable: (bits: number) => string): Law =>
  largestIsProbed({
    title:
      'what KVM_CHECK_EXTENSION gives is the largest size that a VM can be told, and none beyond can, whatever it is',
    cite: poulose("That way we don't have to rely on a new set of attributes and probing becomes straight forward"),
    probe: 'KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)',
    before,
    ask: enable,
  })

const atCreation = 'pass a list of capabilities to be enabled at creation time'

export const lawsOfList: readonly Law[] = [
  takesMemoryUpToItsSize(poulose(atCreation), (bits) => [`${list(['ARM_VM_IPA_SIZE', bits])} -> ok`]),
  vectorsAreThoseOfTheVm((bits) => [`${list(['ARM_SVE', bits])} -> ok`]),
  isProbed([], (bits) => list(['ARM_VM_IPA_SIZE', bits])),
]

/** Calls after which a VM cannot be told any more what it shall be. */
const uses = [
  'vm: KVM_CREATE_VCPU(0)',
  'vm: KVM_CREATE_IRQCHIP',
  'vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)',
]

export const lawsOfOne: readonly Law[] = [
  takesMemoryUpToItsSize(poulose('the per-VM ioctls'), (bits) => [make, `${one('ARM_VM_IPA_SIZE', bits)} -> ok`]),
  vectorsAreThoseOfTheVm((bits) => [make, `${one('ARM_SVE', bits)} -> ok`]),
  isProbed([make], (bits) => one('ARM_VM_IPA_SIZE', bits)),
  {
    title: 'a VM can be told what it shall be until something is made in it, and not afterwards, in whatever order',
    cite: poulose('tracking to make sure that the userspace follows the expected order'),
    async body({ host, ask, forAll }) {
      const size = one('ARM_VM_IPA_SIZE', Math.min(40, host.caps.KVM_CAP_ARM_VM_IPA_SIZE ?? 40))
      const known = host.devices.length === 0 ? uses.filter((call) => call !== uses[1]) : uses
      const step = fc.oneof(
        { arbitrary: fc.constant(size), weight: 3 },
        { arbitrary: fc.constantFrom(...known), weight: 1 },
      )
      await forAll(
        fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }),
        async (steps) => {
          const heard = await ask([make, ...steps].join('\n'))
          const made = steps.findIndex((call, i) => call !== size && heard.answers[i + 1]!.ret >= 0)
          await ask(
            [
              make,
              ...steps.map((call, i) =>
                call === size ? `${call} -> ${made >= 0 && i > made ? '-EBUSY' : 'ok'}` : call,
              ),
            ].join('\n'),
          )
        },
        60,
      )
    },
  },
]
