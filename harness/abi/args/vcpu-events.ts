/** struct kvm_vcpu_events: exceptions that are pending. */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import { struct, type Struct, type Field } from '../../model/struct.ts'
import { structs } from '../../names/index.ts'
import { count, u64, unsigned } from '../../model/scalar.ts'

export const { fields } = structs.kvm_vcpu_events
/** Bits of a syndrome. */
export const ESR_ELX_ISS = (1n << 25n) - 1n
/** The syndrome of an SError that was given none: ISV, and nothing said. */
export const NO_SYNDROME = 1n << 24n

/** What the struct itself takes: values around its limits. */
const byte = (what: string, any: fc.Arbitrary<number>) => ({ of: count(what, unsigned(8), any), unless: 0 })
const wide = (name: keyof typeof fields, any: fc.Arbitrary<bigint>) => ({
  of: u64(name, any, undefined, unsigned(8 * fields[name][1])),
  unless: 0n,
})
const often0 = <T>(zero: T, other: T) =>
  fc.oneof({ arbitrary: fc.constant(zero), weight: 15 }, { arbitrary: fc.constant(other), weight: 1 })

type Names = 'exception.serror_pending' | 'exception.serror_has_esr' | 'exception.ext_dabt_pending'
type Fields = Record<Names, Field<number>>
  & Record<'exception.pad' | 'exception.serror_esr' | 'reserved', Field<bigint>>
export type Events = Struct<Fields>

export const takes: Codec<Events> = struct<Fields>('kvm_vcpu_events', {
  'exception.serror_pending': byte('exception.serror_pending', fc.integer({ min: 0, max: 1 })),
  'exception.serror_has_esr': byte('exception.serror_has_esr', fc.integer({ min: 0, max: 1 })),
  // What an external abort does to the registers is the guest's affair, and to a vcpu not initialised it is not
  // harmless.
  'exception.ext_dabt_pending': byte('exception.ext_dabt_pending', fc.constant(0)),
  'exception.pad': wide('exception.pad', often0(0n, 1n)),
  'exception.serror_esr': wide(
    'exception.serror_esr',
    fc.constantFrom(0n, 1n, NO_SYNDROME, ESR_ELX_ISS, 1n << 25n, 1n << 63n),
  ),
  reserved: wide('reserved', often0(0n, 1n)),
})

/** What KVM_GET_VCPU_EVENTS fills in: every field, those that are reserved too. */
export const shown: Codec<Struct<Record<never, never>>> = struct(
  'kvm_vcpu_events',
  {},
  { written: true, shows: Object.keys(fields).filter((name) => name !== 'exception') },
)
