/** Structs that are read before the call is refused; of what is in them a trace shows no more than one number. */
import { anyNumber, u64 } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'

const number = (what: string): Field<bigint> => ({ of: u64(what, anyNumber(64, [0n])), unless: 0n })

export type Registers = Struct<{ sp_el1: Field<bigint> }>
export const registers = struct<{ sp_el1: Field<bigint> }>('kvm_regs', { sp_el1: number('sp_el1') })

export type Translation = Struct<{ linear_address: Field<bigint> }>
export const translation = struct<{ linear_address: Field<bigint> }>('kvm_translation', {
  linear_address: number('linear_address'),
})
