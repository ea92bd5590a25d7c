/** The argument of KVM_GET_MANY_REGS and KVM_SET_MANY_REGS: a list of ids with sizes, and a stream of their bytes. */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../../model/codec.ts'
import {
  address,
  anyBadPointer,
  parseBadPointer,
  pointerOp,
  printBadPointer,
  writeOp,
  type BadPointer,
} from '../../../model/pointer.ts'
import type { NumberField } from '../../../model/number-field.ts'
import { hex, anyNumber, bytes, fromBytes, readNumber, unsigned, type Range } from '../../../model/scalar.ts'
import { UserError } from '../../../process/user-error.ts'
import { quoted } from '../../../process/visible.ts'
import { oneRegId } from './ids.ts'

/** One register of the list; `size` in bytes. */
export interface Sized {
  id: bigint
  size: bigint
}

/** `data` is the stream as one number, the first register lowest. `listAt`, `dataAt`: these pointers are bad ones. */
export interface ManyRegs {
  list: readonly Sized[]
  data: bigint
  at?: BadPointer
  listAt?: BadPointer
  dataAt?: BadPointer
}

/** struct kvm_many_regs { __u64 n; __u64 list; __u64 data; }, and an entry { __u64 id; __u64 size; }. */
export const SIZE = 24
const [LIST_FIELD, DATA_FIELD] = [8, 16]
export const ENTRY = 16
const LIST_AT = 0x100
const DATA_AT = 0x1000
/** Bytes of a stream that the notation says and shows. */
export const MOST = 256

/** Bytes of the stream, however many the sizes claim. */
export const lengthOf = (list: readonly Sized[]): bigint => list.reduce((all, { size }) => all + size, 0n)
const shownLength = (list: readonly Sized[]): number => {
  const length = lengthOf(list)
  return length < MOST ? Number(length) : MOST
}

const readEntry = (text: string): Sized => {
  const [, id, size] = /^(.+): ([^:]+)$/.exec(text) ?? []
  if (id === undefined || size === undefined)
    throw new UserError(`struct kvm_many_regs: cannot place ${quoted(text)}; write ID: 8, and data = 0x1 at the end`)
  return { id: oneRegId.parse(id), size: readNumber(size, 'size', unsigned(64)) }
}

const parse = (text: string): ManyRegs => {
  const list: Sized[] = []
  const arg: Partial<ManyRegs> = {}
  for (const part of split(text)) {
    const bad = parseBadPointer(part)
    const [, field, value = ''] = /^(list|data) = (.+)$/.exec(part) ?? []
    const badField = parseBadPointer(value)
    if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
    else if (field !== undefined && badField !== undefined) setOnce(arg, `${field as 'list' | 'data'}At`, badField)
    else if (field === 'data') setOnce(arg, 'data', readNumber(value, 'data', unsigned(MOST * 8)))
    else list.push(readEntry(part))
  }
  return { list, data: 0n, ...arg }
}

const print = ({ list, data, at, listAt, dataAt: toData }: ManyRegs): string =>
  [
    ...(at === undefined ? [] : [printBadPointer(at)]),
    ...list.map(({ id, size }) => `${oneRegId.print(id)}: ${size}`),
    ...(listAt === undefined ? [] : [`list = ${printBadPointer(listAt)}`]),
    ...(toData === undefined ? [] : [`data = ${printBadPointer(toData)}`]),
    ...(data === 0n ? [] : [`data = 0x${data.toString(16)}`]),
  ].join(', ')

const before = ({ list, data, at, listAt, dataAt: toData }: ManyRegs): string => {
  const entries = list.map(({ id, size }) => bytes(id, 8) + bytes(size, 8)).join('')
  return (
    writeOp(listAt, entries, LIST_AT)
    + writeOp(toData, bytes(data, shownLength(list)), DATA_AT)
    + writeOp(at, bytes(list.length, LIST_FIELD))
    + pointerOp(at, SIZE, LIST_FIELD, address(listAt, LIST_AT))
    + pointerOp(at, SIZE, DATA_FIELD, address(toData, DATA_AT))
  )
}

const size = fc.oneof(
  { arbitrary: fc.constantFrom(1n, 2n, 4n, 8n, 8n, 8n, 8n, 16n, 16n, 32n, 64n, 128n, 256n), weight: 6 },
  { arbitrary: anyNumber(64, [0n, 3n, 257n]), weight: 1 },
)
const anyList = fc.array(fc.record({ id: oneRegId.any, size }), { maxLength: 4 })
const anyArg = (hasData: boolean): fc.Arbitrary<ManyRegs> => {
  const plain: fc.Arbitrary<ManyRegs> = anyList.chain((list) =>
    (hasData && shownLength(list) > 0 ? anyNumber(shownLength(list) * 8, [0n, 1n]) : fc.constant(0n)).map((data) => ({
      list,
      data,
    })),
  )
  const bad = (key: 'at' | 'listAt' | 'dataAt', most: number, isWritten: boolean) => ({
    arbitrary: fc.tuple(plain, anyBadPointer(most, isWritten)).map(([arg, pointer]) => ({ ...arg, [key]: pointer })),
    weight: 1,
  })
  return fc.oneof(
    { arbitrary: plain, weight: 24 },
    bad('at', SIZE, false),
    bad('listAt', ENTRY, false),
    bad('dataAt', 1, !hasData),
  )
}
const [anyGet, anySet] = [anyArg(false), anyArg(true)]

/** The id or the size of the first register of the list. */
const ofFirst = (name: keyof Sized, range: Range): NumberField<ManyRegs> => ({
  name: `${name} of the first`,
  range: () => range,
  named: () => [],
  get: ({ list }) => list[0]?.[name],
  set({ list: [first, ...others], data, ...pointers }, value) {
    if (!first) return undefined
    const list = [{ ...first, [name]: value }, ...others]
    return { ...pointers, list, data: BigInt.asUintN(shownLength(list) * 8, data) }
  },
})
const ofEach = [ofFirst('id', oneRegId.range), ofFirst('size', unsigned(64))]

const data: NumberField<ManyRegs> = {
  name: 'data',
  range: ({ list }) => unsigned(shownLength(list) * 8),
  named: () => [],
  get: ({ data: now }) => now,
  set: (arg, value) => ({ ...arg, data: value }),
}

const common = { pointsTo: { what: 'the whole struct kvm_many_regs', size: SIZE }, parse, print }

/** For KVM_SET_MANY_REGS: `ID: 8, ID: 16, data = 0x1`. */
export const toSet: Codec<ManyRegs> = {
  ...common,
  any: () => anySet,
  fields: () => [...ofEach, data],
  pack: (arg) => ({ before: before(arg), arg: address(arg.at), after: '' }),
}

/** For KVM_GET_MANY_REGS: `ID: 8, ID: 16`; the answer shows the stream. */
export const toGet: Codec<ManyRegs> = {
  ...common,
  any: () => anyGet,
  fields: () => ofEach,
  pack: (arg) => ({
    before: before(arg),
    arg: address(arg.at),
    after:
      arg.dataAt === undefined && shownLength(arg.list) > 0
        ? ` x,d:${DATA_AT.toString(16)},${shownLength(arg.list).toString(16)}`
        : '',
  }),
  value: (ret, data) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
  shows: { ...showsNumber(MOST * 8), print: hex },
}
