/** Attributes of a VM: one that is asked for, and the list of KVM_CREATE_VM2. */
import { anyNumber, count, named, u64, unsigned } from '../../../model/scalar.ts'
import { struct } from '../../../model/struct.ts'

/** The mail numbers the first; the others are the fields of the struct that it answers. */
const types = {
  KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES: 1,
  KVM_CREATE_VM_ATTR_IPA_SIZE: 2,
  KVM_CREATE_VM_ATTR_SVE_VLEN: 3,
}
export const {
  KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES: CAPABILITIES,
  KVM_CREATE_VM_ATTR_IPA_SIZE: IPA_SIZE,
  KVM_CREATE_VM_ATTR_SVE_VLEN: SVE_VLEN,
} = types
export const SVE_CAPABLE = 1n << 0n

/** Bytes of an attribute: __u32 type, __u16 size, __u16 reserved, and one __u64. */
export const SIZE = 16
/** As many as there are types. */
export const MOST = 3
const HEADER = 8

const type = named('type', types, anyNumber(32, [1n, 1n, 2n, 2n, 3n, 3n, 0n, 4n]).map(Number))
const size = count('size', unsigned(16), anyNumber(16, [16n, 16n, 16n, 16n, 8n, 24n]).map(Number))
const reserved = count('reserved', unsigned(16), anyNumber(16, [0n]).map(Number))
const value = u64('value', anyNumber(64, [0n, 1n, 31n, 32n, 40n, 48n, 52n, 53n, 128n, 256n, 2048n]), String)

export const toProbe = struct(
  'kvm_create_vm_attr',
  { type: { of: type, bare: true }, size: { of: size, unless: SIZE }, reserved: { of: reserved, unless: 0 } },
  {
    layout: { size: SIZE, fields: { type: [0, 4], size: [4, 2], reserved: [6, 2], value: [8, 8] } },
    written: true,
    shows: 'value',
  },
)
export type Probe = Parameters<typeof toProbe.print>[0]

const slots = [0, 1, 2] as const
type Slot = `attr[${(typeof slots)[number]}].`

const at = (slot: number) => HEADER + slot * SIZE
export const layout = {
  size: at(MOST),
  fields: {
    nr: [0, 4],
    flags: [4, 4],
    ...Object.fromEntries(
      slots.flatMap((slot): [string, readonly [number, number]][] => [
        [`attr[${slot}].type`, [at(slot), 4]],
        [`attr[${slot}].size`, [at(slot) + 4, 2]],
        [`attr[${slot}].reserved`, [at(slot) + 6, 2]],
        [`attr[${slot}].value`, [at(slot) + 8, 8]],
      ]),
    ),
  } as Record<string, readonly [number, number]>,
}

const slotFields = (slot: number) => ({
  [`attr[${slot}].type`]: { of: type, unless: 0 },
  [`attr[${slot}].size`]: { of: size, unless: SIZE },
  [`attr[${slot}].reserved`]: { of: reserved, unless: 0 },
  [`attr[${slot}].value`]: { of: value, unless: 0n },
})
export const takes = struct(
  'kvm_create_vm2',
  {
    nr: { of: count('nr', unsigned(32), anyNumber(32, [0n, 1n, 1n, 2n, 3n, 4n]).map(Number)), unless: 0 },
    flags: { of: count('flags', unsigned(32), anyNumber(32, [0n]).map(Number)), unless: 0 },
    ...slotFields(0),
    ...slotFields(1),
    ...slotFields(2),
  },
  { layout },
)
export type CreateVm2 = Parameters<typeof takes.print>[0]

export interface Attribute {
  type: number
  size: number
  reserved: number
  value: bigint
}
/** Those of the list that count. */
export const listed = (arg: CreateVm2): Attribute[] =>
  slots.slice(0, Number(arg.nr)).map((slot) => {
    const part = <T>(name: string) => (arg as unknown as Record<`${Slot}${string}`, T>)[`attr[${slot}].${name}`]!
    return { type: part('type'), size: part('size'), reserved: part('reserved'), value: part('value') }
  })
export const valueOf = (arg: CreateVm2, of: number): bigint | undefined => listed(arg).find((a) => a.type === of)?.value
