/** KVM_ARM_VCPU_FINALIZE without any argument, and forbidden where nothing needs it. */
import { changed, dialect } from '../model/dialect.ts'
import { finalizeWith, isAffected, martinFirst } from './parts/finalize/call.ts'
import { GUEST } from './parts/finalize/guest.ts'
import { barrier, order, userspaceOfTheMail } from './parts/finalize/laws.ts'

const finalize = finalizeWith(
  [],
  [
    {
      why: 'nothing to finalize',
      says: 'A vcpu without a feature that is finalized is not finalized.',
      cite: martinFirst('or perhaps even forbid it'),
      errno: 'EPERM',
      when: ({ vcpu }) => !isAffected(vcpu),
    },
  ],
)

export default dialect({
  name: 'finalize-2019-bare',
  about: 'KVM_ARM_VCPU_FINALIZE takes no argument, and is refused with EPERM where nothing needs it',
  mail: { date: '2019-03-01', from: 'Dave Martin' },
  finalizes: ['KVM_ARM_VCPU_FINALIZE'],
  ioctls: (shipped) => changed(shipped, { KVM_ARM_VCPU_FINALIZE: () => finalize }),
  sequences: [
    {
      title: 'a vcpu with SVE',
      says: 'The first sequence of the mail; the argument is not looked at, since there is none.',
      text: `
        ${GUEST}
        KVM_ARM_VCPU_FINALIZE                            -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_RUN                                          -> -EPERM (too early)
        KVM_ARM_VCPU_FINALIZE(1)                         -> ok
        KVM_ARM_VCPU_FINALIZE                            -> -EPERM (too late)
        KVM_RUN                                          -> ok
        KVM_ARM_VCPU_FINALIZE                            -> -EPERM (too late)`,
    },
    {
      title: 'a vcpu without SVE',
      says: 'The second sequence of the mail, where it has "ok (or -EPERM)": this is the kernel that forbids it.',
      text: `
        ${GUEST}
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_ARM_VCPU_FINALIZE             -> -EPERM (nothing to finalize)
        KVM_RUN                           -> ok
        KVM_ARM_VCPU_FINALIZE             -> -EPERM (too late)`,
    },
  ],
  laws: [userspaceOfTheMail('-EPERM'), barrier, order('-EPERM')],
  equivalent: {
    'KVM_ARM_VCPU_FINALIZE/not initialised after KVM_ARM_VCPU_FINALIZE/too late':
      'a vcpu that was not initialised has neither been finalized nor run',
  },
  compared: [
    {
      about: 'the call where nothing needs it',
      drafted: 'forbidden: -EPERM, which userspace ignores',
      shipped: 'refused with -EINVAL, since the feature that it names was not enabled; the documentation has EPERM',
      asks: `
        KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)
        KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)`,
      because:
        'Forbidden or a no-op: either way, calling it on an old kernel is harmless as long as userspace ignores that.',
      source: "Dave Martin, 2019-03-01: I'm in two minds about this",
    },
  ],
})
