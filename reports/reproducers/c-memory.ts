/** Memory of a program in C: the areas that it maps, pointers into them, and statements that write and read. */
import { hex } from '../../harness/model/scalar.ts'
import { structs } from '../../harness/names/index.ts'
import { sortOf, type Call } from '../../harness/model/call.ts'
import type { Descriptor, Place, Value } from './memory.ts'
import type { Reproduced } from './reproduction.ts'
import { cStructOf, initializers, numberInC, numberOf } from './c-structs.ts'

/** The areas as variables of the program. */
const areas: Readonly<Record<Place['area'], string>> = {
  d: 'data',
  r: 'readonly',
  u: 'unmapped',
  g: 'guest',
  v: 'run',
  o: 'page',
}

/** What stands for a place where a pointer is wanted. */
export const placeInC = ({ area, offset }: Place): string =>
  offset === 0 ? areas[area] : `${areas[area]} + ${offset < 10 ? offset : hex(offset)}`

/** The same, as what a cast stands before. */
export const operand = (place: Place): string => (place.offset === 0 ? placeInC(place) : `(${placeInC(place)})`)

const addressInC = (value: Exclude<Value, bigint>): string => {
  const address = `(uintptr_t)${operand(value)}`
  return value.flip === undefined ? address : `${address} ^ ${hex(value.flip)}`
}

/** A value where a number is wanted. */
export const valueInC = (value: Value): string => (typeof value === 'bigint' ? numberInC(value) : addressInC(value))

/** A value as the last argument of ioctl(). */
export const argInC = (value: Value): string =>
  typeof value === 'bigint'
    ? value >> 31n === 0n
      ? numberInC(value)
      : `${hex(value)}UL`
    : value.flip === undefined
      ? placeInC(value)
      : addressInC(value)

/** The variable of a descriptor. */
export const fdOf = (name: string): string => `${name.replace('.', '_')}_fd`

const descriptorInC = (of: Descriptor, call: Call): string =>
  typeof of === 'number' ? `event_fd(${of})` : fdOf(of === 'of the call' ? call.on : of.name)

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

const typeOf: Readonly<Record<number, string>> = { 1: '__u8', 2: '__u16', 4: '__u32', 8: '__u64' }

/** Numbers of an array in a line. */
const IN_A_ROW = 4

/** Bytes as an array in C: words where their number allows it, zeros at the end left out. */
export const arrayInC = (bytes: Buffer): string => {
  const word = bytes.length % 8 === 0 ? 8 : bytes.length % 4 === 0 ? 4 : 1
  const words: string[] = []
  for (let at = 0; at < bytes.length; at += word) words.push(numberInC(numberOf(bytes.subarray(at, at + word))))
  while (words.length > 1 && words.at(-1) === '0') words.pop()
  const rows = Array.from({ length: Math.ceil(words.length / IN_A_ROW) }, (_, i) =>
    words.slice(i * IN_A_ROW, (i + 1) * IN_A_ROW).join(', '),
  )
  const text = rows.length === 1 ? ` ${rows[0]!} ` : `\n\t\t${rows.join(',\n\t\t')},\n\t`
  return `(const ${typeOf[word]}[${bytes.length / word}]){${text}}`
}

const writeInC = (to: Place, bytes: Buffer): string => {
  if (to.area === 'g') return `put_code(${placeInC(to)}, ${arrayInC(bytes)}, ${bytes.length});`
  const type = to.offset % bytes.length === 0 ? typeOf[bytes.length] : undefined
  if (type !== undefined) {
    const number = numberInC(numberOf(bytes))
    return `*(${type} *)${operand(to)} = ${number};`
  }
  if (isZero(bytes)) return `memset(${placeInC(to)}, 0, ${bytes.length});`
  return `memcpy(${placeInC(to)}, ${arrayInC(bytes)}, ${bytes.length});`
}

/** Members of struct kvm_run that are arrays of bytes, and those that headers of 6.1 do not have. */
const arrays = ['mmio.data']
const newer = ['memory_fault.', 'hypercall.flags']

/** The field of kvm_run that the call names, or the one at that offset. */
export const runField = ({ ioctl, arg }: Call, { offset, length }: { offset: number; length: number }): string => {
  const named: string | undefined = ioctl.name === 'kvm_run' ? arg.field : undefined
  const field =
    named ?? Object.entries(structs.kvm_run.fields).find(([, [at, size]]) => at === offset && size === length)?.[0]
  if (field === undefined) throw new Error(`struct kvm_run has no field of ${length} bytes at ${offset}`)
  if (newer.some((one) => field.startsWith(one))) return `*(${typeOf[length]} *)((char *)run + ${offset})`
  return arrays.includes(field) ? `*(${typeOf[length]} *)run->${field}` : `run->${field}`
}

/** The struct that the call points to, where a program can name it: its bytes, and how many are written. */
const structWrite = ({
  call,
  memory,
  nr,
}: Reproduced): { statement: string; from: number; length: number } | undefined => {
  const { arg, writes, pointers, descriptors } = memory
  const struct = nr === undefined ? undefined : cStructOf(call.ioctl.name)
  if (!struct || typeof arg === 'bigint' || (arg.area !== 'd' && arg.area !== 'r')) return undefined
  const from = arg.offset
  const room = Buffer.alloc(struct.layout.size)
  let length = 0
  for (const { to, bytes } of writes)
    if (to.area === 'd' && to.offset >= from && to.offset < from + room.length) {
      if (to.offset !== from + length || to.offset + bytes.length > from + room.length) return undefined
      bytes.copy(room, length)
      length += bytes.length
    }
  const texts = new Map<number, string>()
  for (const { to, value } of pointers)
    if (to.area === 'd' && to.offset >= from && to.offset < from + room.length) {
      texts.set(to.offset - from, valueInC(value))
      length = Math.max(length, to.offset - from + 8)
    }
  for (const { to, of } of descriptors)
    if (to.offset >= from && to.offset < from + room.length) texts.set(to.offset - from, descriptorInC(of, call))
  const isTargetAsked = call.ioctl.name === 'KVM_ARM_VCPU_INIT' && call.arg.target === undefined && length >= 4
  if (isTargetAsked) texts.set(0, 'preferred_target()')
  const parts = initializers(struct, room, texts, sortOf(call.on))
  if (length === 0 || parts === undefined) return undefined
  const place = placeInC({ area: 'd', offset: from })
  const literal = `(struct ${struct.name}){ ${parts.join(', ')} }`
  const isWhole = length === struct.layout.size && from % 8 === 0
  const statement =
    parts.length === 0
      ? `memset(${place}, 0, ${length});`
      : isWhole
        ? `*(struct ${struct.name} *)${operand({ area: 'd', offset: from })} = ${literal};`
        : `memcpy(${place}, &${literal}, ${length});`
  return { statement, from, length: struct.layout.size }
}

/** Everything that is written before the call, a statement each. */
export const writesInC = (one: Reproduced): string[] => {
  const { writes, pointers, descriptors } = one.memory
  const struct = structWrite(one)
  const isIn = ({ area, offset }: Place) =>
    struct !== undefined && area === 'd' && offset >= struct.from && offset < struct.from + struct.length
  return [
    ...writes
      .filter(({ to }) => !isIn(to))
      .map(({ to, bytes }) =>
        to.area === 'v'
          ? `${runField(one.call, { offset: to.offset, length: bytes.length })} = ${numberInC(numberOf(bytes))};`
          : `${to.area === 'o' ? 'if (page)\n\t\t' : ''}${writeInC(to, bytes)}`,
      ),
    ...(struct ? [struct.statement] : []),
    ...descriptors
      .filter(({ to }) => !isIn(to))
      .map(({ to, of }) => `*(int *)${operand(to)} = ${descriptorInC(of, one.call)};`),
    ...pointers.filter(({ to }) => !isIn(to)).map(({ to, value }) => `*(__u64 *)${operand(to)} = ${valueInC(value)};`),
  ]
}
