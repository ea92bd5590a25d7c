/** struct kvm_device_attr: a group, an attribute of it, and where its value is. */
import { setOnce, showsNumber, split, type Codec, type Sort } from '../../model/codec.ts'
import { address, parseBadPointer, pointerOp, printBadPointer, writeOp } from '../../model/pointer.ts'
import { UserError } from '../../process/user-error.ts'
import { structs, vcpuGroups, vgicGroups } from '../../names/index.ts'
import { hex, bytes, fromBytes, printNumber, readNamed, readNumber, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'
import { sizeOfValue, structOfValue, type Attr, type Verb } from './attr.ts'
import { parseStruct, printStruct } from './attr-struct.ts'
import { anyAttr } from './device-attr-drawn.ts'
import { fieldsOn, groupNames, namesOf, type Names } from './device-attr-fields.ts'

const { size, fields } = structs.kvm_device_attr
/** Where the value is put, an offset into the agent's data. */
const VALUE = 0x100
const { KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL, KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS } = vgicGroups

const nameIn = (names: Names, n: bigint) =>
  Object.keys(names).find((name) => BigInt(names[name]!) === n) ?? printNumber(n)

const parseValue = (arg: Attr, text: string): bigint => {
  const struct = structOfValue(arg)
  if (struct === undefined) return readNumber(text, 'the value', unsigned(sizeOfValue(arg) * 8))
  const [, fields] = /^\((.*)\)$/.exec(text) ?? []
  if (fields === undefined)
    throw new UserError(`the value is a struct ${struct}, written as &(action = 1), not ${quoted(text)}`)
  return parseStruct(struct, fields)
}
/** Of an attribute that is no register and no address: a number of interrupts, an interrupt, how many counters. */
const isCount = ({ on, group }: Attr): boolean =>
  on === undefined ? group === NR_IRQS || group === CTRL : group !== vcpuGroups.KVM_ARM_VCPU_PVTIME_CTRL

const printValue = (arg: Attr, value: bigint): string => {
  const struct = structOfValue(arg)
  if (struct) return `(${printStruct(struct, value)})`
  return isCount(arg) ? printNumber(value) : hex(value)
}

const parse = (text: string, sort: Sort): Attr => {
  const arg: Attr = { ...(sort === 'vcpu' || sort === 'vm' ? { on: sort } : {}), group: 0, attr: 0n }
  const parts = split(text)
  const bad = parseBadPointer(parts[0] ?? '')
  if (bad !== undefined) {
    arg.at = bad
    parts.shift()
  }
  const [group, attr, ...rest] = parts
  if (group === undefined || attr === undefined)
    throw new UserError(`struct kvm_device_attr has a group and an attribute, not ${quoted(text)}`)
  arg.group = Number(readNamed(group, groupNames[sort], 'group', unsigned(32)))
  arg.attr = readNamed(attr, namesOf(sort, arg.group), 'attr', unsigned(64))
  for (const part of rest) {
    const at = parseBadPointer(part)
    if (at !== undefined) setOnce(arg, 'valueAt', at, 'the pointer to the value')
    else if (part.startsWith('&')) setOnce(arg, 'value', parseValue(arg, part.slice(1)), 'the value')
    else if (part.startsWith('flags = '))
      setOnce(arg, 'flags', Number(readNumber(part.slice(8), 'flags', unsigned(32))))
    else
      throw new UserError(
        `struct kvm_device_attr: cannot place ${quoted(part)}; a value is &0x8000000, its pointer &unmapped`,
      )
  }
  return arg
}

const print = (arg: Attr, sort: Sort): string => {
  const { group, attr, value, valueAt, flags, at } = arg
  return [
    ...(at === undefined ? [] : [printBadPointer(at)]),
    nameIn(groupNames[sort], BigInt(group)),
    nameIn(namesOf(sort, group), attr),
    ...(valueAt !== undefined ? [printBadPointer(valueAt)] : value === undefined ? [] : [`&${printValue(arg, value)}`]),
    ...(flags ? [`flags = ${printNumber(flags)}`] : []),
  ].join(', ')
}

/**
 * The argument of KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, which shows the value that came back, and
 * KVM_HAS_DEVICE_ATTR.
 */
export const deviceAttr = (verb: Verb): Codec<Attr> => ({
  parse,
  print,
  any: anyAttr(verb),
  fields: fieldsOn,
  pointsTo: { what: 'the whole struct kvm_device_attr', size },
  pack(arg) {
    const { group, attr, value, valueAt, flags, at } = arg
    const length = sizeOfValue(arg)
    const hasValue = valueAt !== undefined || value !== undefined
    const points = hasValue ? pointerOp(at, size, fields.addr[0], address(valueAt, VALUE)) : ''
    return {
      before:
        (hasValue ? writeOp(valueAt, bytes(value ?? 0n, length), VALUE) : '')
        + writeOp(at, bytes(flags ?? 0, 4) + bytes(group, 4) + bytes(attr, 8) + '00'.repeat(8))
        + points,
      arg: address(at),
      after:
        verb === 'get' && points !== '' && valueAt === undefined
          ? ` x,d:${VALUE.toString(16)},${length.toString(16)}`
          : '',
    }
  },
  ...(verb === 'get' && {
    value: (ret: number, data: string[]) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
    shows: { ...showsNumber((arg: Attr) => sizeOfValue(arg) * 8), print: (value, arg) => printValue(arg, value) },
  }),
})
