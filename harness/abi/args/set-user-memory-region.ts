/** struct kvm_userspace_memory_region: a slot, and the memory that it maps. */
import fc from 'fast-check'
import { setOnce, split, type Codec, type Packed } from '../../model/codec.ts'
import {
  address,
  sometimesBad,
  parseBadPointer,
  pointerOp,
  printBadPointer,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import { numberField, property } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import { programNamed, programs, usual } from '../programs/index.ts'
import { bytesOf, sizeOf } from '../../model/guest-program.ts'
import { memFlags, structs } from '../../names/index.ts'
import { AGENT_MEMORY, isUnclear, raw } from './userspace-address.ts'
import { bytes, count, flags, printNumber, u64, unsigned } from '../../model/scalar.ts'
import { didYouMean } from '../../process/nearest.ts'
import { quoted } from '../../process/visible.ts'

/**
 * `ram`: an offset into the agent's guest memory, in bytes. `guest`: that memory holds the guest program of this name.
 * `raw`: an address instead, whatever is there.
 */
export interface MemoryRegion {
  slot: number
  flags: number
  gpa: bigint
  size: bigint
  ram: number
  guest?: string
  raw?: bigint
  at?: BadPointer
}

const { size: SIZE, fields } = structs.kvm_userspace_memory_region
export const PAGE = 4096n
export const known = memFlags.KVM_MEM_LOG_DIRTY_PAGES | memFlags.KVM_MEM_READONLY
const flagBits = { KVM_MEM_LOG_DIRTY_PAGES: 0, KVM_MEM_READONLY: 1, KVM_MEM_GUEST_MEMFD: 2 }

export const slotId = count(
  'slot',
  unsigned(32),
  fc.oneof(
    { arbitrary: fc.integer({ min: 0, max: 2 }), weight: 12 },
    { arbitrary: fc.constantFrom(511, 512, 32766, 32767, 0x10000, 0xffff), weight: 2 },
  ),
)
const flagSet = flags(
  'flags',
  flagBits,
  fc.oneof(
    { arbitrary: fc.constant(0), weight: 12 },
    { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 3 },
    { arbitrary: fc.constantFrom(4, 8, 0x80000000), weight: 1 },
  ),
)
const gpa = u64(
  'guest_phys_addr',
  fc.oneof(
    { arbitrary: fc.constantFrom(0n, 0x10000n, 0x40000000n), weight: 8 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom(32n, 36n, 40n, 44n, 48n, 52n),
          fc.constantFrom(-0x20000n, -0x10000n, -0x1000n, 0n, 0x1000n),
        )
        .map(([bits, d]) => (1n << bits) + d),
      weight: 4,
    },
    { arbitrary: fc.constantFrom(1n, 0x800n, (1n << 64n) - 0x1000n), weight: 1 },
  ),
)
const size = u64(
  'memory_size',
  fc.oneof(
    { arbitrary: fc.constantFrom(0x1000n, 0x10000n, 0x10000n, 0x50000n), weight: 8 },
    { arbitrary: fc.constantFrom(0n, 1n, 0x1001n, 1n << 43n, 1n << 63n), weight: 3 },
  ),
)
const ram = count(
  'the offset into the agent’s guest memory',
  { min: 0n, max: AGENT_MEMORY - BigInt(Math.max(...programs.map(sizeOf))) },
  fc.oneof({ arbitrary: fc.constantFrom(0, 0x10000), weight: 9 }, { arbitrary: fc.constantFrom(1, 0x800), weight: 1 }),
)

const nameOfProgram = (name: string): string => {
  if (programNamed(name)) return name
  const names = programs.map((program) => program.name)
  throw new UserError(`no guest program ${quoted(name)}; there are ${names.join(', ')}${didYouMean(name, names)}`)
}

const spokenProgram = (name: string | undefined): string =>
  name === undefined ? 'ram' : name === usual.name ? 'guest' : `guest(${name})`

const unlessUnclear = (arg: MemoryRegion): MemoryRegion | undefined => (isUnclear(arg) ? undefined : arg)

const plainly = fc
  .tuple(
    slotId.any,
    flagSet.any,
    gpa.any,
    size.any,
    ram.any,
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 15 }, { arbitrary: raw.any, weight: 1 }),
  )
  .map(([slot, f, g, s, r, a]): MemoryRegion => ({
    slot,
    flags: f,
    gpa: g,
    size: s,
    ram: r,
    ...(a !== undefined && { raw: a }),
  }))
const any: fc.Arbitrary<MemoryRegion> = sometimesBad(plainly, SIZE, false)

/** `more`: bytes behind those of struct kvm_userspace_memory_region. */
export const packRegion = (
  { slot, flags: f, gpa: g, size: s, ram: r, guest, raw: a, at }: MemoryRegion,
  more = '',
): Packed => {
  const struct = writeOp(at, bytes(slot, 4) + bytes(f, 4) + bytes(g, 8) + bytes(s, 8) + '00'.repeat(8) + more)
  const memory = a === undefined ? `@g:${r.toString(16)}` : a.toString(16)
  const pointer = pointerOp(at, SIZE + more.length / 2, fields.userspace_addr[0], memory)
  const program = guest !== undefined && a === undefined ? bytesOf(programNamed(guest)!) : undefined
  return {
    before: struct + pointer + (program === undefined ? '' : `w,g:${r.toString(16)},${program} `),
    arg: address(at),
    after: '',
  }
}

export const takes: Codec<MemoryRegion> = {
  any: () => any,
  fields: () => [
    property('slot', 'slot', slotId),
    property('flags', 'flags', flagSet),
    property('guest_phys_addr', 'gpa', gpa),
    numberField<MemoryRegion, bigint>(
      'memory_size',
      size,
      (arg) => arg.size,
      (arg, s) => unlessUnclear({ ...arg, size: s }),
    ),
    numberField<MemoryRegion, number>(
      'the offset',
      ram,
      (arg) => (arg.raw === undefined ? arg.ram : undefined),
      (arg, offset) => (arg.raw === undefined ? { ...arg, ram: offset } : undefined),
    ),
    numberField<MemoryRegion, bigint>(
      'userspace_addr',
      raw,
      (arg) => arg.raw,
      (arg, a) => unlessUnclear({ ...arg, raw: a }),
    ),
  ],
  pointsTo: { what: 'the whole struct kvm_userspace_memory_region', size: SIZE },
  parse(text) {
    const arg: Partial<MemoryRegion> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value = ''] = /^(\w+) = (.*)$/.exec(part) ?? []
      const [, where, program = usual.name, offset] = /^&(ram|guest(?:\(([\w-]+)\))?)(?: \+ (.+))?$/.exec(value) ?? []
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (key === 'slot') setOnce(arg, 'slot', slotId.parse(value))
      else if (key === 'flags') setOnce(arg, 'flags', flagSet.parse(value))
      else if (key === 'guest_phys_addr') setOnce(arg, 'gpa', gpa.parse(value), key)
      else if (key === 'memory_size') setOnce(arg, 'size', size.parse(value), key)
      else if (key === 'userspace_addr' && where) {
        setOnce(arg, 'ram', ram.parse(offset ?? '0'), key)
        if (where !== 'ram') arg.guest = nameOfProgram(program)
      } else if (key === 'userspace_addr' && !value.startsWith('&')) setOnce(arg, 'raw', raw.parse(value), key)
      else
        throw new UserError(
          `struct kvm_userspace_memory_region: cannot place ${quoted(part)}; `
            + 'userspace_addr is &ram, &ram + 0x1000, &guest, &guest(PROGRAM) or a number',
        )
    }
    const region = { slot: 0, flags: 0, gpa: 0n, size: 0n, ram: 0, ...arg }
    if (isUnclear(region))
      throw new UserError(
        'struct kvm_userspace_memory_region: whether userspace has addresses from 1 << 48 to 1 << 52 depends on how the '
          + 'kernel was built; write a region that ends before, or behind',
      )
    return region
  },
  print: ({ slot, flags: f, gpa: g, size: s, ram: r, guest, raw: a, at }) =>
    [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      `slot = ${slotId.print(slot)}`,
      ...(f === 0 ? [] : [`flags = ${flagSet.print(f)}`]),
      `guest_phys_addr = ${gpa.print(g)}`,
      `memory_size = ${size.print(s)}`,
      a === undefined
        ? `userspace_addr = &${spokenProgram(guest)}${r === 0 ? '' : ` + ${printNumber(r)}`}`
        : `userspace_addr = ${raw.print(a)}`,
    ].join(', '),
  pack: (arg) => packRegion(arg),
}
