/** What holds for half-created VMs in whatever order they are asked. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { said } from './half.ts'
import { others } from './half-calls.ts'
import { takesMemoryUpToItsSize, upTo, vectorsAreThoseOfTheVm } from './laws.ts'

const make = 'vm = KVM_CREATE_VM2 -> ok'
const finish = 'KVM_FINISH_VM'

const settings = ['KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 36)', 'KVM_CONFIGURE_VM(KVM_VM_SVE_VLEN, 0)']

export const laws: readonly Law[] = [
  takesMemoryUpToItsSize(said('a half-created VM that only accepts configuration ioctls'), (bits) => [
    make,
    `KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, ${bits}) -> ok`,
    `${finish} -> ok`,
  ]),
  vectorsAreThoseOfTheVm((bits) => [make, `KVM_CONFIGURE_VM(KVM_VM_SVE_VLEN, ${bits}) -> ok`, `${finish} -> ok`]),
  {
    title:
      'no ioctl but configuration works on a half-created VM, and no configuration on any other, in whatever order',
    cite: said('a half-created VM that only accepts configuration ioctls and a "finish creation" ioctl'),
    async body({ ask, forAll }) {
      const step = fc.oneof(
        { arbitrary: fc.constantFrom(...others), weight: 6 },
        { arbitrary: fc.constantFrom(...settings), weight: 3 },
        { arbitrary: fc.constant(finish), weight: 1 },
      )
      const played = async (steps: readonly string[]) => {
        let isFinished = false
        const lines = steps.map((call) => {
          const isOther = others.includes(call)
          // Afterwards they are answered as ever: some are refused, but not for being too early.
          const answer = isOther ? (isFinished ? undefined : '-EPERM') : isFinished ? '-EPERM' : 'ok'
          isFinished ||= call === finish
          return answer === undefined ? call : `${call} -> ${answer}`
        })
        await ask([make, ...lines, ...(isFinished ? ['vm: KVM_CREATE_VCPU(3) -> ok'] : [])].join('\n'))
      }
      await played([...others, ...settings, ...others, finish, ...settings, finish, ...others])
      await forAll(fc.array(step, { minLength: 1, maxLength: 24, size: 'max' }), played, 60)
    },
  },
  {
    title: 'of several sizes the last that was taken holds, and one that was refused changes nothing',
    cite: said('a "finish creation" ioctl that finalises everything'),
    async body({ host, askAll, forAll, notOffered }) {
      if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
      const { KVM_CAP_ARM_VM_IPA_SIZE: limit = 40 } = host.caps
      const size = fc.oneof(fc.integer({ min: 32, max: limit }), fc.integer({ min: 0, max: 255 }))
      await forAll(
        fc.array(size, { minLength: 1, maxLength: 8 }),
        async (sizes) => {
          const isFine = (bits: number) => bits >= 32 && bits <= limit
          const lines = sizes.map(
            (bits) => `KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, ${bits}) -> ${isFine(bits) ? 'ok' : '-EINVAL'}`,
          )
          await askAll([[make, ...lines, `${finish} -> ok`, ...upTo(sizes.findLast(isFine) ?? 40)].join('\n')])
        },
        60,
      )
    },
  },
  {
    title: 'a VM of KVM_CREATE_VM never was half-created: it takes no configuration, and everything else at once',
    cite: said('if we are adding a new KVM_CREATE_VM, we could perhaps give it different semantics'),
    async body({ askAll }) {
      await askAll([
        ...[...settings, finish].map((call) => `vm = KVM_CREATE_VM(0) -> ok\n${call} -> -EPERM`),
        'vm = KVM_CREATE_VM(0) -> ok\nvm: KVM_CREATE_VCPU(0) -> ok',
      ])
    },
  },
]
