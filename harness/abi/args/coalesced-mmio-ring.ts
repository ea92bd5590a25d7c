/** A field of struct kvm_coalesced_mmio_ring, which lies in the second page that a vcpu's descriptor maps. */
import fc from 'fast-check'
import { showsNumber, type Codec } from '../../model/codec.ts'
import { anyNumber, bytes, fromBytes, printNumber, readNumber, unsigned } from '../../model/scalar.ts'
import { structs } from '../../names/index.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

const ring = structs.kvm_coalesced_mmio_ring
const entry = structs.kvm_coalesced_mmio

/** The page of the descriptor in which it lies, and how many entries that has. */
const RING_AT = 0x1000
export const ENTRIES = Math.floor((0x1000 - ring.size) / entry.size)

type EntryField = keyof typeof entry.fields
const entryFields = Object.keys(entry.fields) as EntryField[]

/** `index`: which entry the field is of; absent: it is one of the ring's own. `value`: what userspace writes. */
export type RingAccess = { value?: bigint } & (
  { field: 'first' | 'last'; index?: undefined } | { field: EntryField; index: number }
)

/** Where a field is in the page, and how many bytes it has. */
export const placeOf = (access: RingAccess): readonly [offset: number, size: number] => {
  if (access.index === undefined) return ring.fields[access.field]
  const [at, size] = entry.fields[access.field]
  return [ring.fields.coalesced_mmio[0] + access.index * entry.size + at, size]
}
const bitsOf = (access: RingAccess): number => 8 * placeOf(access)[1]

const spoken = ({ field, index }: RingAccess): string =>
  index === undefined ? field : `coalesced_mmio[${index}].${field}`

const fieldNamed = (text: string): RingAccess => {
  if (text === 'first' || text === 'last') return { field: text }
  const [, index, name] = /^coalesced_mmio\[(\w+)\]\.(\w+)$/.exec(text) ?? []
  const field = entryFields.find((one) => one === name)
  if (index === undefined || field === undefined)
    throw new UserError(
      `kvm_coalesced_mmio_ring: no field ${quoted(text)}; there are first, last and coalesced_mmio[N].FIELD, which is ${entryFields.join(', ')}`,
    )
  return { field, index: Number(readNumber(index, 'N of coalesced_mmio[N]', { min: 0n, max: BigInt(ENTRIES - 1) })) }
}

const parse = (text: string): RingAccess => {
  const [, name = '', value] = /^([\w.[\]]*)(?: = (.+))?$/.exec(text) ?? []
  const access = fieldNamed(name)
  return value === undefined ? access : { ...access, value: readNumber(value, name, unsigned(bitsOf(access))) }
}

const LAST = BigInt(ENTRIES - 1)
const own = fc.constantFrom<RingAccess>({ field: 'first' }, { field: 'last' })
const ofEntry = fc
  .tuple(fc.oneof(fc.constantFrom(0, 0, 1, 2), fc.nat(ENTRIES - 1)), fc.constantFrom(...entryFields))
  .map(([index, field]): RingAccess => ({ field, index }))
const written = fc
  .oneof({ arbitrary: own, weight: 8 }, { arbitrary: ofEntry, weight: 1 })
  .chain((access) => anyNumber(bitsOf(access), [0n, 1n, LAST, LAST + 1n]).map((value) => ({ ...access, value })))

export const takes: Codec<RingAccess> = {
  any: () => fc.oneof({ arbitrary: fc.oneof(own, ofEntry), weight: 3 }, { arbitrary: written, weight: 1 }),
  fields: () => [
    {
      name: 'N of coalesced_mmio[N]',
      range: () => ({ min: 0n, max: LAST }),
      named: () => [],
      get: ({ index }) => (index === undefined ? undefined : BigInt(index)),
      set: (arg, index) => (arg.index === undefined ? undefined : { ...arg, index: Number(index) }),
    },
    {
      name: 'the value',
      range: (arg) => unsigned(bitsOf(arg)),
      named: () => [],
      get: ({ value }) => value,
      set: (arg, value) => (arg.value === undefined ? undefined : { ...arg, value }),
    },
  ],
  parse,
  print: (arg) => (arg.value === undefined ? spoken(arg) : `${spoken(arg)} = ${printNumber(arg.value)}`),
  pack(arg, slot) {
    const [offset, size] = placeOf(arg)
    const place = `v${slot}:${(RING_AT + offset).toString(16)}`
    return arg.value === undefined
      ? { before: '', arg: '', after: ` x,${place},${size.toString(16)}` }
      : { before: `w,${place},${bytes(arg.value, size)} `, arg: '', after: '' }
  },
  value: (ret, [data], { value }) =>
    ret >= 0 && value === undefined && data !== undefined ? fromBytes(data) : undefined,
  shows: showsNumber(bitsOf),
}
