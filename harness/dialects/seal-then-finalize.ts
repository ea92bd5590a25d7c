/** Finalizing in two steps: KVM_ARM_VCPU_SEAL fixes the vector lengths, KVM_ARM_VCPU_FINALIZE the rest. An example. */
import fc from 'fast-check'
import type { OneReg } from '../abi/registers/one-reg.ts'
import { before, changed, dialect } from '../model/dialect.ts'
import { offers } from '../model/host.ts'
import { noArgument } from '../model/number-argument.ts'
import { assumed, ioctl, type Refusal } from '../model/rule.ts'
import { has } from '../model/vcpu.ts'
import type { Here } from '../model/world.ts'
import { _IO, features, namedRegs } from '../names/index.ts'

const hasSve = ({ vcpu }: Here) => (has(vcpu) & (1 << features.KVM_ARM_VCPU_SVE)) !== 0
const isSealed = ({ vcpu }: Here) => vcpu.proposed === 'sealed'
const cite = assumed('an example, which nobody proposed')

const seal = ioctl('KVM_ARM_VCPU_SEAL', {
  nr: _IO(0xae, 0xc9),
  on: ['vcpu'],
  takes: noArgument,
  refuses: [
    {
      why: 'not initialised',
      says: 'KVM_ARM_VCPU_INIT comes first.',
      cite,
      errno: 'ENOEXEC',
      when: ({ vcpu }) => !vcpu.initialised,
    },
    { why: 'unknown flags', says: 'The argument is 0.', cite, errno: 'EINVAL', when: (_, flags) => flags !== 0n },
    { why: 'nothing to seal', says: 'The vcpu has SVE.', cite, errno: 'EINVAL', when: (here) => !hasSve(here) },
    { why: 'too late', says: 'A vcpu is sealed once.', cite, errno: 'EPERM', when: isSealed },
  ],
  grants: {
    says: 'The vector lengths stay as they are.',
    cite,
    then: ({ vcpu }) => {
      vcpu.proposed = 'sealed'
    },
  },
})

const notSealed: Refusal<unknown> = {
  why: 'not sealed',
  says: 'KVM_ARM_VCPU_SEAL comes before.',
  cite,
  errno: 'EPERM',
  when: (here) => !isSealed(here),
}

const sealed: Refusal<OneReg> = {
  why: 'sealed',
  says: 'The vector lengths are set before KVM_ARM_VCPU_SEAL.',
  cite,
  errno: 'EPERM',
  when: (here, { id }) => isSealed(here) && id === namedRegs.KVM_REG_ARM64_SVE_VLS,
}

export default dialect({
  name: 'seal-then-finalize',
  about: 'A vcpu with SVE is finalized in two steps: its vector lengths first, then all else',
  finalizes: ['KVM_ARM_VCPU_SEAL', 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'],
  ioctls: (shipped) =>
    changed(
      shipped,
      { KVM_ARM_VCPU_FINALIZE: before('too late', notSealed), KVM_SET_ONE_REG: before('vector lengths', sealed) },
      [seal],
    ),
  sequences: [
    {
      title: 'two steps, in this order',
      text: `
        KVM_ARM_VCPU_SEAL                                -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (not sealed)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
        KVM_ARM_VCPU_SEAL(1)                             -> -EINVAL (unknown flags)
        KVM_ARM_VCPU_SEAL                                -> ok
        KVM_ARM_VCPU_SEAL                                -> -EPERM (too late)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x3)     -> -EPERM (sealed)
        KVM_RUN(immediate_exit)                          -> -EPERM (too early)
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
        KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)`,
    },
    {
      title: 'a vcpu without SVE has nothing to seal',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_ARM_VCPU_SEAL                 -> -EINVAL (nothing to seal)
        KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)`,
    },
  ],
  laws: [
    {
      title: 'a sealed vcpu takes no vector lengths, whichever they are',
      cite,
      async body({ host, ask, forAll, notOffered }) {
        if (!offers(host, features.KVM_ARM_VCPU_SVE)) notOffered('KVM_CAP_ARM_SVE = 0')
        await forAll(fc.bigInt({ min: 0n, max: 0xffffn }), async (lengths) => {
          await ask(`
            KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)      -> ok
            KVM_ARM_VCPU_SEAL                                     -> ok
            KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &${lengths}) -> -EPERM`)
        })
      },
    },
  ],
  equivalent: {
    'KVM_ARM_VCPU_SEAL/nothing to seal after KVM_ARM_VCPU_SEAL/too late': 'a vcpu that is sealed has SVE for ever',
  },
  compared: [],
})
