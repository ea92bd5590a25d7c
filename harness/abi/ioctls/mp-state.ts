/** Whether a vcpu runs, is switched off, or is suspended until something wakes it. */
import { badPointer } from '../../model/bad-pointer.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, type Ioctl, type Refusal } from '../../model/rule.ts'
import { ioctls, mpStates } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { shown, takes, type MpState } from '../args/mp-state.ts'

const { KVM_MP_STATE_RUNNABLE: RUNNABLE, KVM_MP_STATE_STOPPED: STOPPED, KVM_MP_STATE_SUSPENDED: SUSPENDED } = mpStates

const stateOf = ({ vcpu }: Here): number => (vcpu.off ? STOPPED : vcpu.isSuspended ? SUSPENDED : RUNNABLE)

const getMpState: Ioctl<MpState> = ioctl<MpState>('KVM_GET_MP_STATE', {
  nr: ioctls.KVM_GET_MP_STATE,
  on: ['vcpu'],
  capability: 'KVM_CAP_MP_STATE',
  takes: shown,
  refuses: [badPointer(shown, api('4.38', 'struct kvm_mp_state (out)'))],
  grants: {
    says: 'What KVM_ARM_VCPU_INIT, KVM_SET_MP_STATE or the guest made of it last. A vcpu begins as one that runs.',
    cite: api('4.38', 'Returns the vcpu’s current “multiprocessing state”'),
    gives: (here) => BigInt(stateOf(here)),
    isGuess: ({ vcpu }) => vcpu.isPowerUnknown === true,
  },
})

/** States of other architectures, and those that nobody knows. */
const noState = (...known: number[]): Refusal<MpState> => ({
  why: 'no such state',
  says: 'A vcpu runs or is switched off; from 5.19 on it can be suspended, too.',
  cite: api('4.38', 'KVM_MP_STATE_STOPPED'),
  errno: 'EINVAL',
  when: (_, { mp_state }) => !known.includes(mp_state),
})

const setMpState: Ioctl<MpState> = ioctl<MpState>('KVM_SET_MP_STATE', {
  nr: ioctls.KVM_SET_MP_STATE,
  on: ['vcpu'],
  capability: 'KVM_CAP_MP_STATE',
  takes,
  refuses: [
    badPointer(takes, api('4.39', 'struct kvm_mp_state (in)')),
    ...inReleases({ until: '5.19', variant: 'of two' }, noState(RUNNABLE, STOPPED)),
    ...inReleases({ since: '5.19', variant: 'of three' }, noState(RUNNABLE, STOPPED, SUSPENDED)),
  ],
  grants: {
    text: [
      {
        says: 'KVM_MP_STATE_SUSPENDED cannot be set.',
        cite: api('4.39', 'The only states that are valid are KVM_MP_STATE_STOPPED and', { since: '6.1' }),
        since: '6.1',
      },
    ],
    says: 'The vcpu is in that state, until KVM_ARM_VCPU_INIT or the guest gives it another.',
    cite: api('4.39', 'Sets the vcpu’s current “multiprocessing state”'),
    then: ({ vcpu }, { mp_state }) => {
      delete vcpu.isPowerUnknown
      vcpu.off = mp_state === STOPPED
      vcpu.isSuspended = mp_state === SUSPENDED
    },
  },
})

export default [getMpState, setMpState]
