/** struct kvm_userspace_memory_region2: the same, and a range of a guest_memfd for KVM_MEM_GUEST_MEMFD. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { numberField, property, type NumberField } from '../../model/number-field.ts'
import { dataAt, faults } from '../../model/pointer.ts'
import { UserError } from '../../process/user-error.ts'
import { sortOf } from '../../model/call.ts'
import { anyNumber, bytes, count, u64, unsigned, type Scalar } from '../../model/scalar.ts'
import { structs } from '../../names/index.ts'
import { packRegion, takes as takesRegion, type MemoryRegion } from './set-user-memory-region.ts'

/** `memfd`: the name of the descriptor that guest_memfd is; absent: guest_memfd is a number, and of no list. */
export interface MemoryRegion2 extends MemoryRegion {
  guest_memfd_offset: bigint
  guest_memfd: number
  memfd?: string
  pad1: number
  pad2: bigint
}

type Own = Omit<MemoryRegion2, keyof MemoryRegion | 'memfd'>

const { size, fields } = structs.kvm_userspace_memory_region2
const PAD2_BITS = 8 * fields.pad2[1]
const word = (name: string, likely: readonly bigint[]) =>
  count(name, unsigned(32), anyNumber(32, likely).map(Number)) as Scalar<number>
const own = {
  guest_memfd_offset: u64('guest_memfd_offset', anyNumber(64, [0n, 0n, 0x1000n, 1n, (1n << 64n) - 0x1000n])),
  guest_memfd: word('guest_memfd', [0n, 0xffff_ffffn]),
  pad1: word('pad1', [0n]),
  pad2: u64('pad2', anyNumber(PAD2_BITS, [0n]), undefined, unsigned(PAD2_BITS)),
}
const keys = Object.keys(own) as (keyof Own)[]
const none: Own = { guest_memfd_offset: 0n, guest_memfd: 0, pad1: 0, pad2: 0n }

/** Descriptors of the usual names, most of them such as KVM_CREATE_GUEST_MEMFD makes. */
const names = fc.oneof(
  { arbitrary: fc.constant('memfd'), weight: 8 },
  { arbitrary: fc.constantFrom('memfd1', 'vm1.memfd', 'kvm', 'vm', 'vcpu0', 'gic'), weight: 2 },
)
const isName = (text: string): boolean => /^[a-z]/.test(text)

/** A pointer to too few bytes of the shorter struct, made one to too few of this one. */
const LONGER = size / structs.kvm_userspace_memory_region.size

export const takes: Codec<MemoryRegion2> = {
  any: (sort) =>
    fc
      .tuple(
        takesRegion.any(sort),
        fc.option(names, { nil: undefined, freq: 1 }),
        ...keys.map((key) => own[key].any as fc.Arbitrary<number | bigint>),
      )
      .map(([region, memfd, ...values]): MemoryRegion2 => ({
        ...region,
        ...(typeof region.at === 'number' && { at: region.at * LONGER }),
        ...(Object.fromEntries(keys.map((key, i) => [key, values[i]])) as unknown as Own),
        ...(memfd !== undefined && { memfd, guest_memfd: 0 }),
      })),
  fields: (sort) => [
    ...(takesRegion.fields(sort) as unknown as NumberField<MemoryRegion2>[]),
    property('guest_memfd_offset', 'guest_memfd_offset', own.guest_memfd_offset),
    numberField<MemoryRegion2, number>(
      'guest_memfd',
      own.guest_memfd,
      ({ memfd, guest_memfd }) => (memfd === undefined ? guest_memfd : undefined),
      (arg, number) => (arg.memfd === undefined ? { ...arg, guest_memfd: number } : undefined),
    ),
    property('pad1', 'pad1', own.pad1),
    property('pad2', 'pad2', own.pad2),
  ],
  pointsTo: { what: 'the whole struct kvm_userspace_memory_region2', size },
  parse(text, sort) {
    const arg: Partial<Own & { memfd: string }> = {}
    const others: string[] = []
    for (const part of split(text)) {
      const [, key, value] = /^(\w+) = (.*)$/.exec(part) ?? []
      const mine = keys.find((one) => one === key)
      if (key === 'guest_memfd' && isName(value!)) {
        sortOf(value!)
        setOnce(arg, 'memfd', value!, key)
      } else if (mine === undefined) others.push(part)
      else setOnce(arg, mine, own[mine].parse(value!) as never)
    }
    if (arg.memfd !== undefined && arg.guest_memfd !== undefined) throw new UserError('guest_memfd is given twice')
    return { ...takesRegion.parse(others.join(', '), sort), ...none, ...arg }
  },
  print: (arg, sort) =>
    [
      takesRegion.print(arg, sort),
      ...(arg.memfd === undefined ? [] : [`guest_memfd = ${arg.memfd}`]),
      ...keys.flatMap((key) => (arg[key] === none[key] ? [] : [`${key} = ${own[key].print(arg[key] as never)}`])),
    ].join(', '),
  pack(arg) {
    const region = packRegion(arg, keys.map((key) => bytes(arg[key], fields[key][1])).join(''))
    const offset = fields.guest_memfd[0]
    const isThere = arg.memfd !== undefined && !faults(arg.at, offset + fields.guest_memfd[1])
    const where = isThere ? dataAt(arg.at, offset) : undefined
    return where === undefined ? region : { ...region, before: `${region.before}d,${where},&${arg.memfd} ` }
  },
}
