/**
 * struct kvm_signal_mask: a length, and behind it the set of signals; or no struct at all, which is a mask of its own.
 */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import type { NumberField } from '../../model/number-field.ts'
import { anyNumber, count, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { UserError } from '../../process/user-error.ts'

/** Bytes of the length, and of the set that follows it. */
export const LENGTH = 4,
  SET = 8

type Whole = Struct<{ len: Field<number>; sigset: Field<bigint> }>
/** `isNull`: there is no mask any more. */
export type SignalMask = Whole & { isNull?: true }

/** By SIGALRM the agent ends calls that block. */
const SIGALRM = 1n << 13n

const whole: Codec<Whole> = struct<{ len: Field<number>; sigset: Field<bigint> }>(
  'kvm_signal_mask',
  {
    len: { of: count('len', unsigned(32), fc.constantFrom(SET, SET, SET, 0, 4, 16, 128)) },
    sigset: {
      of: u64(
        'sigset',
        anyNumber(64, [0n, 1n]).map((set) => set & ~SIGALRM),
      ),
      unless: 0n,
    },
  },
  { layout: { size: LENGTH + SET, fields: { len: [0, LENGTH], sigset: [LENGTH, SET] } } },
)

const NONE: SignalMask = { isNull: true, len: 0, sigset: 0n }

const fieldOf = (field: NumberField<Whole>): NumberField<SignalMask> => ({
  ...field,
  get: (arg) => (arg.isNull ? undefined : field.get(arg)),
  set(arg, value) {
    const set = arg.isNull ? undefined : field.set(arg, value)
    return set === undefined || (set.sigset & SIGALRM) !== 0n ? undefined : set
  },
})

/** `KVM_SET_SIGNAL_MASK(len = 8, sigset = 0x1)`, and without an argument a null pointer. */
export const takes: Codec<SignalMask> = {
  ...whole,
  pointsTo: { what: 'the length and the set', size: LENGTH + SET },
  any: (sort) =>
    fc.oneof({ arbitrary: whole.any(sort), weight: 4 }, { arbitrary: fc.constant<SignalMask>(NONE), weight: 1 }),
  fields: (sort) => whole.fields(sort).map(fieldOf),
  parse(text, sort) {
    if (text === '') return NONE
    const arg = whole.parse(text, sort)
    if ((arg.sigset & SIGALRM) !== 0n)
      throw new UserError('sigset has SIGALRM (0x2000), by which the agent ends calls that block; leave it out')
    return arg
  },
  print: (arg, sort) => (arg.isNull ? '' : whole.print(arg, sort)),
  pack: (arg, slot, host) => (arg.isNull ? { before: '', arg: '0', after: '' } : whole.pack(arg, slot, host)),
}
