/** struct kvm_one_reg as a trace shows it: the id, and behind a second pointer the value. */
import fc from 'fast-check'
import { showsNumber, split, type Codec, type PointedTo } from '../../model/codec.ts'
import {
  address,
  anyBadPointer,
  parseBadPointer,
  dataAt,
  pointerOp,
  printBadPointer,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import type { NumberField } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import type { Host } from '../../model/host.ts'
import { coreRegs, namedRegs, parseReg, regName, structs } from '../../names/index.ts'
import { hex, bytes, fromBytes, readNumber, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'
import { baseOf, sizeOf } from './table.ts'
import { anyReg } from './drawn-ids.ts'
import { anySetting, type Setting } from './drawn-values.ts'

/** `at`: the pointer to the struct is a bad one. `to`: the pointer in it. */
export interface OneReg {
  id: bigint
  at?: BadPointer
  to?: BadPointer
}

/** `relative`: the value is that which the host gives the register at first, with these bits flipped. */
export interface NewValue extends OneReg {
  value: bigint
  relative?: true
}

const { kvm_one_reg } = structs
const VALUE_AT = 0x100
/** What the bytes of a value are before they are read, so that it shows whether the kernel writes all of them. */
const UNWRITTEN = 'ff'
/** No register is bigger; ids can claim up to 32 KiB. */
const MOST = 256

/** The number that is written: what `relative` stands for depends on the host. */
export const written = ({ id, value, relative }: NewValue, host: Host): bigint =>
  relative ? baseOf(host, id) ^ value : value

const names = [...coreRegs.values(), ...Object.values(namedRegs)]
const idField: NumberField<OneReg> = {
  name: 'id',
  range: () => unsigned(64),
  named: () => names,
  get: ({ id }) => id,
  set: (arg, id) => ({ ...arg, id }),
}

const readBadPointer = (text: string): BadPointer => {
  const bad = parseBadPointer(text)
  if (bad === undefined)
    throw new UserError(
      `struct kvm_one_reg: cannot place ${quoted(text)}; write [&short(8),] ID[, &VALUE or &unmapped]`,
    )
  return bad
}

/** Takes a bad pointer to the struct off the front, and the id; gives the rest. */
const readHead = (text: string): { arg: OneReg; rest: string[] } => {
  const parts = split(text)
  const at = parts[0]?.startsWith('&') ? readBadPointer(parts.shift()!) : undefined
  const id = parseReg(parts.shift() ?? '')
  return { arg: { id, ...(at !== undefined && { at }) }, rest: parts }
}

/** Bytes that are written to or read from a register. */
const bytesOf = (id: bigint): number => Math.min(sizeOf(id), MOST)

const readValue = (text: string, id: bigint): Pick<NewValue, 'value' | 'relative'> => {
  if (text === '&reset') return { value: 0n, relative: true }
  const [, bits] = /^&reset \^ (.+)$/.exec(text) ?? []
  const value = readNumber(bits ?? text.replace(/^&/, ''), `the value of ${regName(id)}`, unsigned(bytesOf(id) * 8))
  return { value, ...(bits !== undefined && { relative: true }) }
}

const printHead = ({ id, at }: OneReg): string[] => [...(at === undefined ? [] : [printBadPointer(at)]), regName(id)]

/** The ops that write the struct, with its pointer to the value, and `data` for the value to be read or overwritten. */
const packStruct = ({ id, at, to }: OneReg, data: string): string =>
  writeOp(at, bytes(id, 8))
  + writeOp(to, data, VALUE_AT)
  + pointerOp(at, kvm_one_reg.size, kvm_one_reg.fields.addr[0], address(to, VALUE_AT))

/** The pointer to the value is looked at later. */
const pointsTo: PointedTo = { what: 'the whole struct kvm_one_reg', size: kvm_one_reg.size }
const bad = anyBadPointer(kvm_one_reg.size, false)

/** For KVM_GET_ONE_REG. */
export const toRead: Codec<OneReg> = (() => {
  const plain = anyReg.map((id): OneReg => ({ id }))
  const any: fc.Arbitrary<OneReg> = fc.oneof(
    { arbitrary: plain, weight: 24 },
    { arbitrary: fc.tuple(anyReg, bad).map(([id, at]): OneReg => ({ id, at })), weight: 1 },
    { arbitrary: fc.tuple(anyReg, anyBadPointer(4, true)).map(([id, to]): OneReg => ({ id, to })), weight: 3 },
  )
  return {
    any: () => any,
    fields: () => [idField],
    pointsTo,
    parse(text) {
      const {
        arg,
        rest: [to, ...more],
      } = readHead(text)
      if (more.length > 0) readBadPointer(more.join(', '))
      return { ...arg, ...(to !== undefined && { to: readBadPointer(to) }) }
    },
    print: (arg) => [...printHead(arg), ...(arg.to === undefined ? [] : [printBadPointer(arg.to)])].join(', '),
    pack(arg) {
      const size = bytesOf(arg.id)
      const where = dataAt(arg.to, VALUE_AT)
      const read =
        where === undefined || (typeof arg.to === 'number' && arg.to < size) ? '' : ` x,${where},${size.toString(16)}`
      return { before: packStruct(arg, UNWRITTEN.repeat(size)), arg: address(arg.at), after: read }
    },
    value: (ret, data) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
    shows: { ...showsNumber(({ id }: OneReg) => bytesOf(id) * 8), print: hex },
  }
})()

/** For KVM_SET_ONE_REG. */
export const toWrite: Codec<NewValue> = (() => {
  const plain = anySetting.map((setting): NewValue => ({ ...setting }))
  const any: fc.Arbitrary<NewValue> = fc.oneof(
    { arbitrary: plain, weight: 24 },
    {
      arbitrary: fc
        .tuple(anySetting, bad)
        .map(([setting, at]: [Setting, BadPointer]): NewValue => ({ ...setting, at })),
      weight: 1,
    },
    {
      arbitrary: fc
        .tuple(anySetting, anyBadPointer(4, false))
        .map(([setting, to]: [Setting, BadPointer]): NewValue => ({ ...setting, to })),
      weight: 2,
    },
  )
  return {
    any: () => any,
    fields: () => [
      {
        ...idField,
        set: ({ value, ...arg }, id) => ({ ...arg, id, value: BigInt.asUintN(bytesOf(id) * 8, value) }),
      },
      {
        name: 'the value',
        range: ({ id }) => unsigned(bytesOf(id) * 8),
        named: () => [],
        get: ({ value }) => value,
        set: (arg, value) => ({ ...arg, value }),
      },
    ],
    pointsTo,
    parse(text) {
      const { arg, rest } = readHead(text)
      const to = rest.length > 0 ? parseBadPointer(rest[0]!) : undefined
      if (to !== undefined) rest.shift()
      if (rest.length > 1) readBadPointer(rest.slice(1).join(', '))
      return { ...arg, ...readValue(rest[0] ?? '&0', arg.id), ...(to !== undefined && { to }) }
    },
    print(arg) {
      const { value, relative, to } = arg
      const number = relative ? `&reset${value === 0n ? '' : ` ^ ${hex(value)}`}` : `&${hex(value)}`
      return [
        ...printHead(arg),
        ...(to === undefined ? [] : [printBadPointer(to)]),
        ...(to !== undefined && value === 0n && !relative ? [] : [number]),
      ].join(', ')
    },
    pack: (arg, _, host) => ({
      before: packStruct(arg, bytes(written(arg, host), bytesOf(arg.id))),
      arg: address(arg.at),
      after: '',
    }),
  }
})()
