/** struct kvm_one_reg as it was first proposed: an id, and the value in a union behind it. */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../../model/codec.ts'
import {
  address,
  parseBadPointer,
  printBadPointer,
  sometimesBad,
  writeOp,
  type BadPointer,
} from '../../../model/pointer.ts'
import { property, type NumberField } from '../../../model/number-field.ts'
import { hex, anyNumber, bytes, fromBytes, readNumber, unsigned } from '../../../model/scalar.ts'
import { didYouMean } from '../../../process/nearest.ts'
import { UserError } from '../../../process/user-error.ts'
import { quoted } from '../../../process/visible.ts'
import { oneRegId } from './ids.ts'

/** Members of the union, and bytes of each: `__u8 reg8` to `__u8 reg1024[128]`. */
export const members = {
  reg8: 1,
  reg16: 2,
  reg32: 4,
  reg64: 8,
  reg128: 16,
  reg256: 32,
  reg512: 64,
  reg1024: 128,
} as const
export type Member = keyof typeof members

const VALUE_AT = 8
export const UNION = members.reg1024
export const SIZE = VALUE_AT + UNION

/** Which member userspace looks at: the kernel is not told. */
export interface ToGet {
  id: bigint
  member: Member
  at?: BadPointer
}
export interface ToSet extends ToGet {
  value: bigint
}

export const bitsOf = (member: Member): number => members[member] * 8

const cannotPlace = (text: string, member = ''): UserError =>
  new UserError(
    `struct kvm_one_reg: cannot place ${quoted(text)}; write ID, reg64${didYouMean(member, Object.keys(members))}`,
  )

/** Reads an id and a member, and what stands behind the `=` of the member. */
const read = (text: string): { arg: ToGet; value?: string } => {
  const arg: Partial<ToGet> = {}
  let said: string | undefined
  for (const part of split(text)) {
    const bad = parseBadPointer(part)
    const [, member = '', value] = /^(reg\w*)(?: = (.+))?$/.exec(part) ?? []
    if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
    else if (Object.hasOwn(members, member)) {
      setOnce(arg, 'member', member as Member, 'the member of the union')
      said = value
    } else if (member !== '') throw cannotPlace(part, member)
    else setOnce(arg, 'id', oneRegId.parse(part))
  }
  const { id, member } = arg
  if (id === undefined || member === undefined) throw cannotPlace(text)
  return { arg: { ...arg, id, member }, ...(said !== undefined && { value: said }) }
}

const head = ({ at, id }: ToGet): string[] => [...(at === undefined ? [] : [printBadPointer(at)]), oneRegId.print(id)]

/** Bits 8, 16, 32 and so on are the first that a smaller member does not have. */
const edges = Object.values(members).map((size) => 1n << BigInt(size * 8))
const anyValueOf = (member: Member) =>
  anyNumber(bitsOf(member), [0n, 1n, ...edges.filter((edge) => edge >> BigInt(bitsOf(member)) === 0n)])
const anyMember = fc.constantFrom(...(Object.keys(members) as Member[]))
const pointsTo = { what: 'the whole struct kvm_one_reg', size: SIZE }

const anyGet = sometimesBad(
  fc.tuple(oneRegId.any, anyMember).map(([id, member]): ToGet => ({ id, member })),
  SIZE,
  true,
)
const anySet = sometimesBad(
  fc
    .tuple(oneRegId.any, anyMember)
    .chain(([id, member]) => anyValueOf(member).map((value): ToSet => ({ id, member, value }))),
  SIZE,
  false,
)

/** A member holds fewer numbers than the union does. */
const value: NumberField<ToSet> = {
  name: 'the value',
  range: ({ member }) => unsigned(bitsOf(member)),
  named: () => [],
  get: ({ value: now }) => now,
  set: (arg, value) => ({ ...arg, value }),
}

/** For KVM_GET_ONE_REG: `ID, reg64`; the answer shows that member of the union. */
export const toGet: Codec<ToGet> = {
  any: () => anyGet,
  fields: () => [property('id', 'id', oneRegId)],
  pointsTo: { ...pointsTo, isWritten: true },
  parse(text) {
    const { arg, value } = read(text)
    if (value !== undefined) throw new UserError(`a value is not given to KVM_GET_ONE_REG, but comes from it: ${text}`)
    return arg
  },
  print: (arg) => [...head(arg), arg.member].join(', '),
  pack: ({ id, member, at }) => ({
    before: writeOp(at, bytes(id, VALUE_AT) + '00'.repeat(UNION)),
    arg: address(at),
    after: at === undefined ? ` x,d:${VALUE_AT.toString(16)},${members[member].toString(16)}` : '',
  }),
  value: (ret, data) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
  shows: { ...showsNumber(({ member }: ToGet) => bitsOf(member)), print: hex },
}

/** For KVM_SET_ONE_REG: `ID, reg64 = 0x1`; the rest of the union is 0. */
export const toSet: Codec<ToSet> = {
  any: () => anySet,
  fields: () => [property('id', 'id', oneRegId), value],
  pointsTo,
  parse(text) {
    const { arg, value = '0' } = read(text)
    return { ...arg, value: readNumber(value, arg.member, unsigned(bitsOf(arg.member))) }
  },
  print: (arg) => [...head(arg), `${arg.member} = 0x${arg.value.toString(16)}`].join(', '),
  pack: ({ id, value, at }) => ({
    before: writeOp(at, bytes(id, VALUE_AT) + bytes(value, UNION)),
    arg: address(at),
    after: '',
  }),
}
