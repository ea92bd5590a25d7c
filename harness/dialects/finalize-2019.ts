/** KVM_ARM_VCPU_FINALIZE(0): it finalizes whatever there is to finalize, and is a no-op where there is nothing. */
import { changed, dialect } from '../model/dialect.ts'
import { compared } from './parts/finalize/compared.ts'
import { finalizeWith, martin } from './parts/finalize/call.ts'
import { barrier, flagsAreRefused, order, userspaceOfTheMail } from './parts/finalize/laws.ts'
import { GUEST } from './parts/finalize/guest.ts'

const finalize = finalizeWith(
  [
    {
      why: 'unknown flags',
      says: 'The argument is 0 for the default, SVE included; flags for single features may come later.',
      cite: martin(
        'We add an argument, so that KVM_ARM_VCPU_FINALIZE(0) means "finalize default stuff, including SVE"',
      ),
      errno: 'EINVAL',
      when: (_, flags) => flags !== 0n,
    },
  ],
  [],
)

export default dialect({
  name: 'finalize-2019',
  about: 'KVM_ARM_VCPU_FINALIZE takes 0, for whatever the vcpu was given; it does nothing where nothing needs it',
  mail: { date: '2019-03-07', from: 'Dave Martin' },
  finalizes: ['KVM_ARM_VCPU_FINALIZE'],
  ioctls: (shipped) => changed(shipped, { KVM_ARM_VCPU_FINALIZE: () => finalize }),
  sequences: [
    {
      title: 'a vcpu with SVE',
      says: 'The first sequence of the mail, line by line; its KVM_REG_REG_LIST is KVM_GET_REG_LIST.',
      text: `
        ${GUEST}
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
        KVM_RUN                                           -> ok
        KVM_ARM_VCPU_FINALIZE                             -> -EPERM (too late)`,
    },
    {
      title: 'a vcpu without SVE',
      says: 'The second sequence of the mail, the backwards-compatible flow.',
      text: `
        ${GUEST}
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_ARM_VCPU_FINALIZE             -> ok
        KVM_RUN                           -> ok
        KVM_ARM_VCPU_FINALIZE             -> -EPERM (too late)`,
    },
    {
      title: 'a no-op finalizes nothing, so that it can be called again',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_ARM_VCPU_FINALIZE             -> ok
        KVM_ARM_VCPU_FINALIZE             -> ok`,
    },
    {
      title: 'an argument other than 0 is for features of later',
      text: `
        KVM_ARM_VCPU_FINALIZE                            -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_ARM_VCPU_FINALIZE(4)                         -> -EINVAL (unknown flags)
        KVM_ARM_VCPU_FINALIZE(1 << 4)                    -> -EINVAL (unknown flags)
        KVM_ARM_VCPU_FINALIZE(0)                         -> ok`,
    },
  ],
  laws: [userspaceOfTheMail('-EINVAL'), barrier, order('ok'), flagsAreRefused],
  compared,
})
