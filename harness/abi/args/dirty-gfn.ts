/** An entry of a vcpu's dirty ring, struct kvm_dirty_gfn: read, or its flags written. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { numberField, property } from '../../model/number-field.ts'
import { bytes, count, flags, fromBytes } from '../../model/scalar.ts'
import { showsFields } from '../../model/shows-fields.ts'
import { structs } from '../../names/index.ts'

/** `flags`: what userspace writes there; absent: it reads the entry. */
export interface DirtyGfn {
  index: number
  flags?: number
}

const { size, fields } = structs.kvm_dirty_gfn
export const ENTRY_SIZE = size
/** Where the ring begins in what a vcpu's descriptor maps, and entries of a page. */
const RING_PAGE = 64
const IN_PAGE = 0x1000 / size

/** The page, of all that a descriptor maps, in which an entry lies. */
export const pageOf = (index: number): number => RING_PAGE + Math.floor(index / IN_PAGE)

/** True where that page is one of a ring of so many entries. */
export const isOfRing = (page: number, entries: number): boolean =>
  page >= RING_PAGE && page < RING_PAGE + entries / IN_PAGE

/** Where that page begins in the ring. */
export const offsetInRing = (page: number): number => (page - RING_PAGE) * 0x1000

/** Where it lies in all that a descriptor maps. */
export const placeOf = (index: number): number => RING_PAGE * 0x1000 + index * size

/** Of the largest ring. */
const MOST = 0x10000
const index = count(
  'the index',
  { min: 0n, max: BigInt(MOST - 1) },
  fc.oneof(
    { arbitrary: fc.constantFrom(0, 0, 0, 1, 2, 191, 192, 255), weight: 8 },
    { arbitrary: fc.constantFrom(256, MOST - 1), weight: 1 },
  ),
)
const gfnFlags = flags(
  'flags',
  { KVM_DIRTY_GFN_F_DIRTY: 0, KVM_DIRTY_GFN_F_RESET: 1 },
  fc.constantFrom(2, 2, 2, 3, 3, 1, 0, 4, 0x80000000, 0x80000002),
)

const any = fc
  .tuple(index.any, fc.option(gfnFlags.any, { nil: undefined }))
  .map(([at, f]): DirtyGfn => ({ index: at, ...(f !== undefined && { flags: f }) }))

export const takes: Codec<DirtyGfn> = {
  any: () => any,
  fields: () => [
    property('the index', 'index', index),
    numberField<DirtyGfn, number>(
      'flags',
      gfnFlags,
      ({ flags: f }) => f,
      (arg, f) => (arg.flags === undefined ? undefined : { ...arg, flags: f }),
    ),
  ],
  parse(text) {
    const arg: Partial<DirtyGfn> = {}
    for (const part of split(text)) {
      const [, value] = /^flags = (.*)$/.exec(part) ?? []
      if (value === undefined) setOnce(arg, 'index', index.parse(part), 'the index')
      else setOnce(arg, 'flags', gfnFlags.parse(value))
    }
    return { index: 0, ...arg }
  },
  print: ({ index: at, flags: f }) => index.print(at) + (f === undefined ? '' : `, flags = ${gfnFlags.print(f)}`),
  pack({ index: at, flags: f }, slot) {
    const offset = (at % IN_PAGE) * size
    const arg = pageOf(at).toString(16)
    const place = `o${slot}:${offset.toString(16)}`
    return f === undefined
      ? { before: '', arg, after: ` x,${place},${size.toString(16)}` }
      : { before: '', arg, after: ` w,${place},${bytes(f, fields.flags[1])}` }
  },
  value: (ret, [data], { flags: f }) =>
    ret >= 0 && f === undefined && data !== undefined ? fromBytes(data) : undefined,
  shows: showsFields('struct kvm_dirty_gfn', structs.kvm_dirty_gfn.fields, ['flags', 'slot', 'offset']),
}
