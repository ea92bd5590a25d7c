/** KVM_ARM_VCPU_FINALIZE as it was thought of in March 2019: for whatever the vcpu was given, no feature is named. */
import { noArgument } from '../../../model/number-argument.ts'
import { assumed, ioctl, mail, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { anyNumber } from '../../../model/scalar.ts'
import { has, type Vcpu } from '../../../model/vcpu.ts'
import { _IO, features } from '../../../names/index.ts'

/** The first mail, which draws both sequences. */
export const martinFirst = (passage: string) => mail('2019-03-01 Dave Martin', passage)
/** His mail to the answer that Marc Zyngier gave to it. */
export const martin = (passage: string) => mail('2019-03-07 Dave Martin', passage)

const SVE = 1 << features.KVM_ARM_VCPU_SVE
/** True where the vcpu has something that is finalized. */
export const isAffected = (vcpu: Vcpu): boolean => (has(vcpu) & SVE) !== 0

/** The mails give no number. This is the one that shipped, for an argument that is no pointer. */
const FINALIZE = _IO(0xae, 0xc2)

const tooLate: Refusal<bigint> = {
  why: 'too late',
  says: 'A vcpu is finalized once, and before it runs.',
  cite: martinFirst('KVM_ARM_VCPU_FINALIZE -> -EPERM (too late)'),
  errno: 'EPERM',
  when: ({ vcpu }) => vcpu.sveFinalized || vcpu.hasRun,
}

/** The call with one or two more refusals, in their order before and after that of a call which comes too late. */
export const finalizeWith = (before: readonly Refusal<bigint>[], after: readonly Refusal<bigint>[]): Ioctl<bigint> =>
  ioctl<bigint>('KVM_ARM_VCPU_FINALIZE', {
    nr: FINALIZE,
    on: ['vcpu'],
    weight: 5,
    takes: { ...noArgument, any: () => anyNumber(64, [0n, 0n, 0n, 0n, 1n, 4n, 1n << 4n]) },
    refuses: [
      {
        why: 'not initialised',
        says: 'There is nothing to finalize before KVM_ARM_VCPU_INIT.',
        cite: assumed('a vcpu that is not initialised answers so to the calls that come after KVM_ARM_VCPU_INIT'),
        errno: 'ENOEXEC',
        when: ({ vcpu }) => !vcpu.initialised,
      },
      ...before,
      tooLate,
      ...after,
    ],
    grants: {
      says: 'What the features of the vcpu need is finalized; nothing is done where they need nothing.',
      cite: martin('make the finalization call a no-op when no finalization is required'),
      then: ({ vcpu }) => {
        vcpu.sveFinalized = isAffected(vcpu)
      },
    },
  })
