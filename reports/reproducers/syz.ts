/** A trace as a program of syzkaller, which syz-execprog plays: calls by its own names, others as raw ioctls. */
import { hex } from '../../harness/model/scalar.ts'
import { sortOf } from '../../harness/model/call.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { judgedAs } from '../../harness/model/release.ts'
import type { Memory, Place, Value } from './memory.ts'
import type { Reproduced, Reproduction } from './reproduction.ts'
import { numberOf } from './c-structs.ts'
import { syzName, syzStruct, type SyzStruct } from './syz-names.ts'
import { DATA, GUEST, Program, pointer } from './syz-program.ts'

/** An address that syzkaller can say; undefined for memory that is read-only or not there, and for tags. */
const addressOf = (value: Exclude<Value, bigint>): bigint | undefined =>
  value.flip !== undefined || value.area === 'u' || value.area === 'r'
    ? undefined
    : (value.area === 'g' ? GUEST : DATA) + BigInt(value.offset)

/** The bytes that are written at a place, as far as they go on without a gap. */
const bytesAt = ({ area, offset }: Place, { writes, pointers }: Memory, length: number): Buffer | undefined => {
  const bytes = Buffer.alloc(length)
  let end = 0
  for (const { to, bytes: own } of writes)
    if (to.area === area && to.offset >= offset && to.offset < offset + length) {
      own.copy(bytes, to.offset - offset)
      end = Math.max(end, to.offset - offset + own.length)
    }
  for (const { to } of pointers) if (to.area === area && to.offset > offset) end = Math.max(end, to.offset - offset + 8)
  return end >= length ? bytes : undefined
}

/** What a pointer inside a struct is, with the value that it points to. */
const pointerField = (value: Value, memory: Memory): string | undefined => {
  if (typeof value === 'bigint') return undefined
  const address = addressOf(value)
  if (address === undefined) return '0x0'
  const write = memory.writes.find(({ to }) => to.area === value.area && to.offset === value.offset)
  const number = write && numberOf(write.bytes)
  return number !== undefined && number >> 64n === 0n ? `${pointer(address)}=${hex(number)}` : undefined
}

const lengthOf = (field: SyzStruct['fields'][number], ioctl: string): number =>
  typeof field === 'number' ? field : field === 'fd' ? 4 : field === 'vma' ? 8 : ioctl === 'KVM_ARM_VCPU_INIT' ? 24 : 0

/** The fields of a struct as syzkaller writes them; undefined where these bytes cannot be said so. */
const fieldsOf = ({ call, memory }: Reproduced, struct: SyzStruct, made: string | undefined): string | undefined => {
  const { arg, pointers } = memory
  if (typeof arg === 'bigint' || arg.area !== 'd' || arg.flip !== undefined) return undefined
  const lengths = struct.fields.map((field) => lengthOf(field, call.ioctl.name))
  const bytes = bytesAt(
    arg,
    memory,
    lengths.reduce((sum, one) => sum + one, 0),
  )
  if (!bytes) return undefined
  let at = 0
  const texts: string[] = []
  for (const [i, field] of struct.fields.entries()) {
    const own = bytes.subarray(at, at + lengths[i]!)
    const held = pointers.find(({ to }) => to.area === 'd' && to.offset === arg.offset + at)?.value
    at += lengths[i]!
    if (field === 'zeros') {
      if (own.some((byte) => byte !== 0)) return undefined
    } else if (field === 'fd') texts.push(made === undefined ? '0xffffffffffffffff' : `<${made}=>0xffffffffffffffff`)
    else if (field === 'vma') {
      if (held === undefined || typeof held === 'bigint' || held.area !== 'g') return undefined
      texts.push(`&(${hex(GUEST + BigInt(held.offset))}/${texts[3]!})=nil`)
    } else if (held === undefined) texts.push(hex(numberOf(own)))
    else {
      const text = pointerField(held, memory)
      if (text === undefined) return undefined
      texts.push(text)
    }
  }
  const inner = struct.fields.length === 1 ? texts[0]! : `{${texts.join(', ')}}`
  return `${pointer(DATA + BigInt(arg.offset))}=${struct.union === undefined ? '' : `@${struct.union}=`}${inner}`
}

/** The argument as bytes, for a raw ioctl; undefined where a pointer is in them. */
const rawOf = ({ memory }: Reproduced): string | undefined => {
  const { arg, writes, pointers, descriptors } = memory
  if (typeof arg === 'bigint') return arg === 0n ? '0x0' : undefined
  const address = addressOf(arg)
  if (address === undefined) return '0x0'
  if (pointers.length > 0 || descriptors.length > 0) return undefined
  const write = writes.find(({ to }) => to.area === arg.area && to.offset === arg.offset)
  return write ? `${pointer(address)}="${write.bytes.toString('hex')}"` : pointer(address)
}

/** The call, and whether syzkaller knows what it makes; undefined where it cannot say the argument. */
const said = (one: Reproduced, to: Program, made: string | undefined): { text: string; isRaw: boolean } | undefined => {
  const { call, nr, memory } = one
  const sort = sortOf(call.on)
  const fd = to.fd(call.on)
  if (call.ioctl.syscall === 'pread')
    return { text: `pread64(${fd}, ${pointer(DATA)}, ${hex(call.arg.length)}, ${hex(call.arg.offset)})`, isRaw: false }
  if (call.ioctl.syscall === 'fallocate')
    return {
      text: `fallocate(${fd}, ${hex(call.arg.mode)}, ${hex(call.arg.offset)}, ${hex(call.arg.len)})`,
      isRaw: false,
    }
  if (nr === undefined) return { text: `close(${fd})`, isRaw: false }
  const plain = syzName(call.ioctl.name, sort)
  if (plain && typeof memory.arg === 'bigint')
    return {
      text: `${plain.name}(${fd}, ${hex(nr)}${plain.hasArgument ? `, ${hex(memory.arg)}` : ''})`,
      isRaw: false,
    }
  const struct = syzStruct(call.ioctl.name, sort)
  const fields = struct && fieldsOf(one, struct, made)
  if (fields !== undefined) return { text: `${struct!.name}(${fd}, ${hex(nr)}, ${fields})`, isRaw: false }
  const raw = rawOf(one)
  return raw === undefined ? undefined : { text: `ioctl(${fd}, ${hex(nr)}, ${raw})`, isRaw: true }
}

const write = (one: Reproduced, to: Program): void => {
  const { call, makes, memory, line } = one
  to.lines.push(`# ${line}`)
  if (call.noFd) {
    to.lines.push('# syzkaller would not lift this limit again; the call is left out')
    return
  }
  if (call.by === 'child') {
    to.lines.push('# syzkaller has no call from another mm; this one is left out')
    return
  }
  if (call.ioctl.syscall === 'join') {
    to.lines.push('# syzkaller ends by itself what is async')
    return
  }
  if (memory.reads.some(({ from }) => from.area === 'o') || memory.writes.some(({ to: { area } }) => area === 'o')) {
    to.lines.push('# syzkaller has no mapping of this page; it is left out')
    return
  }
  for (const { to: place, bytes } of memory.writes)
    if (place.area === 'v') to.bytes(to.map(call.on) + BigInt(place.offset), bytes)
    else if (place.area === 'g') to.bytes(GUEST + BigInt(place.offset), bytes)
  if (call.ioctl.syscall === 'mmap') {
    if (memory.writes.length === 0) to.map(call.on)
    return
  }
  const made = makes === undefined ? undefined : to.resource()
  const words = said(one, to, made)
  if (!words) {
    to.lines.push('# syzkaller cannot say this argument; the call is left out')
    return
  }
  const returnsMade = made !== undefined && call.ioctl.fdAt === undefined && !words.isRaw
  const text = call.ioctl.isBegun?.(call.arg) ? `${words.text} (async)` : words.text
  to.lines.push(returnsMade ? `${made} = ${text}` : text)
  if (call.ioctl.syscall === 'close') to.keep(call.on, undefined)
  else if (makes !== undefined && one.due === 0 && !words.isRaw) to.keep(makes, made)
}

/** The program. Throws a UserError where no call of the trace can be said. */
export const inSyz = ({ name, host, release, calls }: Reproduction): string => {
  const to = new Program()
  const kvm = to.resource()
  to.lines.push(`# ${oneLine(name)}`, `# Linux ${judgedAs(release)} answers so on ${host.name}`)
  to.lines.push(`${kvm} = openat$kvm(0xffffffffffffff9c, &(0x7f0000fff000), 0x2, 0x0)`)
  to.keep('kvm', kvm)
  const before = to.lines.length
  for (const one of calls) write(one, to)
  if (to.lines.slice(before).every((line) => line.startsWith('#')))
    throw new UserError(`${name}: syzkaller can say none of these calls`)
  return `${to.lines.join('\n')}\n`
}
