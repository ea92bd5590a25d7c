/** struct kvm_device_attr: a group, an attribute of it, and where its value is. */
import { setOnce, showsNumber, split, type Codec, type Sort } from '../../model/codec.ts'
import { address, parseBadPointer, printBadPointer, writeOp } from '../../model/pointer.ts'
import type { NumberField } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import { itsAttrs, structs, vcpuGroups, vgicAddrTypes, vgicCtrl, vgicGroups, vmGroups } from '../../names/index.ts'
import { bytes, fromBytes, printNumber, readNamed, readNumber, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'
import { sizeOfValue, type Attr, type Verb } from './attr.ts'
import { anyAttr } from './device-attr-drawn.ts'

const { size, fields } = structs.kvm_device_attr
/** Where the value is put, an offset into the agent's data. */
const VALUE = 0x100
const { KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR, KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL } = vgicGroups

const attrNames: Record<number, Record<string, number>> = {
  [ADDR]: vgicAddrTypes,
  [CTRL]: { ...vgicCtrl, ...itsAttrs },
}
const groupNames: Record<Sort, Record<string, number>> = { kvm: {}, vm: vmGroups, vcpu: vcpuGroups, device: vgicGroups }

const nameIn = (names: Record<string, number>, n: bigint) =>
  Object.keys(names).find((name) => BigInt(names[name]!) === n) ?? printNumber(n)

/** Groups of vcpus and VMs that have rules the table does not know. */
const isUnknownOf = (sort: Sort, group: number) => sort === 'device' || !Object.values(groupNames[sort]).includes(group)

const parse = (text: string, sort: Sort): Attr => {
  const arg: Attr = { group: 0, attr: 0n }
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
  if (!isUnknownOf(sort, arg.group)) throw new UserError(`the table has no rules for ${quoted(group)} of a ${sort}`)
  arg.attr = readNamed(attr, attrNames[arg.group] ?? {}, 'attr', unsigned(64))
  for (const part of rest) {
    const at = parseBadPointer(part)
    if (at !== undefined) setOnce(arg, 'valueAt', at, 'the pointer to the value')
    else if (part.startsWith('&'))
      setOnce(arg, 'value', readNumber(part.slice(1), 'the value', unsigned(sizeOfValue(arg.group) * 8)))
    else if (part.startsWith('flags = '))
      setOnce(arg, 'flags', Number(readNumber(part.slice(8), 'flags', unsigned(32))))
    else
      throw new UserError(
        `struct kvm_device_attr: cannot place ${quoted(part)}; a value is &0x8000000, its pointer &unmapped`,
      )
  }
  return arg
}

const print = ({ group, attr, value, valueAt, flags, at }: Attr, sort: Sort): string =>
  [
    ...(at === undefined ? [] : [printBadPointer(at)]),
    nameIn(groupNames[sort], BigInt(group)),
    nameIn(attrNames[group] ?? {}, attr),
    ...(valueAt !== undefined
      ? [printBadPointer(valueAt)]
      : value === undefined
        ? []
        : [`&${sizeOfValue(group) === 8 ? `0x${value.toString(16)}` : printNumber(value)}`]),
    ...(flags ? [`flags = ${printNumber(flags)}`] : []),
  ].join(', ')

const values = (names: Readonly<Record<string, number>>) => Object.values(names).map(BigInt)

/** The same with another group, and the value cut to the size that it has there. */
const inGroup = ({ value, ...arg }: Attr, group: number): Attr => ({
  ...arg,
  group,
  ...(value !== undefined && { value: BigInt.asUintN(sizeOfValue(group) * 8, value) }),
})

const fieldsOn = (sort: Sort): readonly NumberField<Attr>[] => [
  {
    name: 'group',
    range: () => unsigned(32),
    named: () => values(groupNames[sort]),
    get: ({ group }) => BigInt(group),
    set: (arg, group) => (isUnknownOf(sort, Number(group)) ? inGroup(arg, Number(group)) : undefined),
  },
  {
    name: 'attr',
    range: () => unsigned(64),
    named: ({ group }) => values(attrNames[group] ?? {}),
    get: ({ attr }) => attr,
    set: (arg, attr) => ({ ...arg, attr }),
  },
  {
    name: 'the value',
    range: ({ group }) => unsigned(sizeOfValue(group) * 8),
    named: () => [],
    get: ({ value, valueAt }) => (valueAt === undefined ? value : undefined),
    set: (arg, value) => (arg.valueAt === undefined ? { ...arg, value } : undefined),
  },
  {
    name: 'flags',
    range: () => unsigned(32),
    named: () => [],
    get: ({ flags }) => BigInt(flags ?? 0),
    set: (arg, flags) => ({ ...arg, flags: Number(flags) }),
  },
]

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
  pack({ group, attr, value, valueAt, flags, at }) {
    const length = sizeOfValue(group)
    const points = valueAt !== undefined || value !== undefined
    const struct = writeOp(at, bytes(flags ?? 0, 4) + bytes(group, 4) + bytes(attr, 8) + '00'.repeat(8))
    return {
      before:
        (points ? writeOp(valueAt, bytes(value ?? 0n, length), VALUE) : '')
        + struct
        + (at === undefined && points ? `p,d:${fields.addr[0].toString(16)},${address(valueAt, VALUE)} ` : ''),
      arg: address(at),
      after:
        verb === 'get' && at === undefined && points && valueAt === undefined
          ? ` x,d:${VALUE.toString(16)},${length.toString(16)}`
          : '',
    }
  },
  ...(verb === 'get' && {
    value: (ret: number, data: string[]) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
    shows: showsNumber(({ group }: Attr) => sizeOfValue(group) * 8),
  }),
})
