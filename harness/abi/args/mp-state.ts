/** struct kvm_mp_state: whether a vcpu runs, is switched off, or is suspended. */
import fc from 'fast-check'
import { showsNumber, type Codec } from '../../model/codec.ts'
import { anyNumber, named } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { mpStates } from '../../names/index.ts'

const { KVM_MP_STATE_RUNNABLE: RUNNABLE, KVM_MP_STATE_STOPPED: STOPPED, KVM_MP_STATE_SUSPENDED: SUSPENDED } = mpStates

export type MpState = Struct<{ mp_state: Field<number> }>

const any = fc.oneof(
  { arbitrary: fc.constantFrom<number>(RUNNABLE, STOPPED, SUSPENDED), weight: 8 },
  { arbitrary: anyNumber(32, Object.values(mpStates).map(BigInt)).map(Number), weight: 2 },
)
export const takes: Codec<MpState> = struct('kvm_mp_state', {
  mp_state: { of: named('the state', mpStates, any), bare: true },
})

/** The struct is only written, so that a trace shows nothing of it but a bad pointer. */
export const shown: Codec<MpState> = {
  ...struct(
    'kvm_mp_state',
    { mp_state: { of: named('the state', mpStates, any), unless: RUNNABLE } },
    { written: true, shows: 'mp_state' },
  ),
  shows: showsNumber(32, mpStates),
}
