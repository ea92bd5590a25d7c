/** struct kvm_msi: a message that a device would write, and which device. */
import fc from 'fast-check'
import { anyNumber, count, flags, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { structs } from '../../names/index.ts'

/** Bits of kvm_msi.flags, and of kvm_irq_routing_entry.flags where that is about a message. */
export const msiFlagBits = { KVM_MSI_VALID_DEVID: 0 }
const PAD_BITS = 8 * structs.kvm_msi.fields.pad[1]
const word = (name: string, likely: readonly bigint[]) => count(name, unsigned(32), anyNumber(32, likely).map(Number))

/** Where random calls put an ITS, and the register of it that devices write to. */
const doorbells = [0x808_0000n, 0x809_0040n, 0x809_ffffn, 0x80a_0000n, 0x807_ffffn, 0x800_0000n]

export type Msi = Struct<
  Record<'address_lo' | 'address_hi' | 'data' | 'flags' | 'devid', Field<number>> & { pad: Field<bigint> }
>

export const takes = struct('kvm_msi', {
  address_lo: { of: word('address_lo', doorbells) },
  address_hi: { of: word('address_hi', [0n]), unless: 0 },
  data: { of: word('data', [0n, 1n, 0xffffn, 0x1_0000n]), unless: 0 },
  flags: {
    of: flags('flags', msiFlagBits, fc.oneof(fc.constantFrom(0, 1, 1, 1, 1), fc.constantFrom(2, 3, 0x8000_0001))),
    unless: 0,
  },
  devid: { of: word('devid', [0n, 1n, 0xffffn, 0x1_0000n]), unless: 0 },
  pad: { of: u64('pad', fc.constantFrom(0n, 0n, 1n), undefined, unsigned(PAD_BITS)), unless: 0n },
})
