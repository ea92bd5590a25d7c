/** KVM_ARM_VCPU_FINALIZE without a feature: it freezes whatever there is to freeze. */
import { changed, dialect } from '../model/dialect.ts'
import { noArgument } from '../model/number-argument.ts'
import { ioctl, mail } from '../model/rule.ts'
import { has } from '../model/world.ts'
import { _IO, features } from '../names/index.ts'

const said = (passage: string) => mail('2019-03-07 Dave Martin', passage)
const SVE = 1 << features.KVM_ARM_VCPU_SVE

const finalize = ioctl('KVM_ARM_VCPU_FINALIZE', {
  // The mail gives no number. This is the one that shipped, for an argument that is no pointer.
  nr: _IO(0xae, 0xc2),
  on: ['vcpu'],
  takes: noArgument,
  refuses: [
    {
      why: 'not initialised',
      says: 'There is nothing to finalize before KVM_ARM_VCPU_INIT.',
      cite: said('KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok'),
      errno: 'ENOEXEC',
      when: ({ vcpu }) => !vcpu.initialised,
    },
    {
      why: 'unknown flags',
      says: 'The argument is 0 for the default, SVE included; flags for single features may come later.',
      cite: said('We add an argument, so that KVM_ARM_VCPU_FINALIZE(0) means "finalize default stuff, including SVE"'),
      errno: 'EINVAL',
      when: (_, flags) => flags !== 0n,
    },
    {
      why: 'too late',
      says: 'A vcpu is finalized once, and before it runs.',
      cite: said('KVM_ARM_VCPU_FINALIZE -> -EPERM (too late)'),
      errno: 'EPERM',
      when: ({ vcpu }) => vcpu.sveFinalized || vcpu.hasRun,
    },
  ],
  grants: {
    says: 'What the features of the vcpu need is finalized; nothing is done where they need nothing.',
    cite: said('make the finalization call a no-op when no finalization is required'),
    then: ({ vcpu }) => {
      vcpu.sveFinalized = (has(vcpu) & SVE) !== 0
    },
  },
})

export default dialect({
  name: 'finalize-2019',
  about: 'KVM_ARM_VCPU_FINALIZE takes no feature, then 0 for whatever the vcpu was given',
  mail: {
    date: '2019-03-07',
    from: 'Dave Martin',
    subject: 'Re: KVM: arm64: enumerating and finalizing SVE of a vcpu',
  },
  ioctls: (shipped) => changed(shipped, { KVM_ARM_VCPU_FINALIZE: () => finalize }),
  sequences: [
    {
      title: 'a vcpu with SVE',
      says: 'The first sequence of the mail, line by line; its KVM_REG_REG_LIST is KVM_GET_REG_LIST.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)  -> ok
        KVM_RUN                                           -> -EPERM (too early)
        KVM_GET_REG_LIST                                  -> -EPERM (too early)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)      -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))     -> -EPERM (too early)
        KVM_RUN                                           -> -EPERM (too early)
        KVM_ARM_VCPU_FINALIZE                             -> ok
        KVM_ARM_VCPU_FINALIZE                             -> -EPERM (too late)
        KVM_GET_REG_LIST(n = 1000)                        -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)      -> -EPERM (too late)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))     -> ok
        KVM_RUN(immediate_exit)                           -> -EINTR (immediate_exit)
        KVM_ARM_VCPU_FINALIZE                             -> -EPERM (too late)`,
    },
    {
      title: 'a vcpu without SVE',
      says: 'The second sequence of the mail: the call is harmless where nothing needs it, until the vcpu has run.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_ARM_VCPU_FINALIZE             -> ok
        KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
        KVM_ARM_VCPU_FINALIZE             -> -EPERM (too late)`,
    },
    {
      title: 'an argument other than 0 is for features of later',
      text: `
        KVM_ARM_VCPU_FINALIZE                            -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_ARM_VCPU_FINALIZE(4)                         -> -EINVAL (unknown flags)
        KVM_ARM_VCPU_FINALIZE(0)                         -> ok`,
    },
  ],
  compared: [],
})
