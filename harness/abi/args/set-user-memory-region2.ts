/** struct kvm_userspace_memory_region2: the same, and a range of a guest_memfd for KVM_MEM_GUEST_MEMFD. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { property, type NumberField } from '../../model/number-field.ts'
import { fieldBytes, withDescriptors, type DescriptorNumber } from '../../model/descriptor-number.ts'
import { sortOf } from '../../model/call.ts'
import { anyNumber, count, u64, unsigned, type Scalar } from '../../model/scalar.ts'
import { structs } from '../../names/index.ts'
import { packRegion, takes as takesRegion, type MemoryRegion } from './set-user-memory-region.ts'

export interface MemoryRegion2 extends MemoryRegion {
  guest_memfd_offset: bigint
  /** A name is that of a descriptor in the trace. */
  guest_memfd: DescriptorNumber
  pad1: number
  pad2: bigint
}

type Own = Omit<MemoryRegion2, keyof MemoryRegion>

const { size, fields } = structs.kvm_userspace_memory_region2
const PAD2_BITS = 8 * fields.pad2[1]
const word = (name: string, likely: readonly bigint[]) => count(name, unsigned(32), anyNumber(32, likely).map(Number))

/** Descriptors of the usual names, most of them such as KVM_CREATE_GUEST_MEMFD makes. */
const names = fc.oneof(
  { arbitrary: fc.constant('memfd'), weight: 8 },
  { arbitrary: fc.constantFrom('memfd1', 'vm1.memfd', 'kvm', 'vm', 'vcpu0', 'gic'), weight: 2 },
)
const memfdNumber = word('guest_memfd', [0n, 0xffff_ffffn])
const memfd: Scalar<DescriptorNumber> = {
  range: memfdNumber.range,
  parse(text) {
    if (!/^[a-z]/.test(text)) return memfdNumber.parse(text)
    sortOf(text)
    return text
  },
  print: (value) => (typeof value === 'string' ? value : memfdNumber.print(value)),
  any: fc.oneof(names, memfdNumber.any),
}

const own: { [Key in keyof Own]: Scalar<Own[Key]> } = {
  guest_memfd_offset: u64('guest_memfd_offset', anyNumber(64, [0n, 0n, 0x1000n, 1n, (1n << 64n) - 0x1000n])),
  guest_memfd: memfd,
  pad1: word('pad1', [0n]),
  pad2: u64('pad2', anyNumber(PAD2_BITS, [0n]), undefined, unsigned(PAD2_BITS)),
}
const keys = Object.keys(own) as (keyof Own)[]
const anyOwn: fc.Arbitrary<Own> = fc.record({
  guest_memfd_offset: own.guest_memfd_offset.any,
  guest_memfd: own.guest_memfd.any,
  pad1: own.pad1.any,
  pad2: own.pad2.any,
})
const none: Own = { guest_memfd_offset: 0n, guest_memfd: 0, pad1: 0, pad2: 0n }

/** A pointer to too few bytes of the shorter struct, made one to too few of this one. */
const LONGER = size / structs.kvm_userspace_memory_region.size

const whole: Codec<MemoryRegion2> = {
  any: (sort) =>
    fc.tuple(takesRegion.any(sort), anyOwn).map(([region, more]): MemoryRegion2 => ({
      ...region,
      ...(typeof region.at === 'number' && { at: region.at * LONGER }),
      ...more,
    })),
  fields: (sort) => [
    ...(takesRegion.fields(sort) as unknown as NumberField<MemoryRegion2>[]),
    property('guest_memfd_offset', 'guest_memfd_offset', own.guest_memfd_offset),
    property('guest_memfd', 'guest_memfd', own.guest_memfd),
    property('pad1', 'pad1', own.pad1),
    property('pad2', 'pad2', own.pad2),
  ],
  pointsTo: { what: 'the whole struct kvm_userspace_memory_region2', size },
  parse(text, sort) {
    const arg: Partial<Own> = {}
    const others: string[] = []
    for (const part of split(text)) {
      const [, key, value] = /^(\w+) = (.*)$/.exec(part) ?? []
      const mine = keys.find((one) => one === key)
      if (mine === undefined) others.push(part)
      else setOnce(arg, mine, own[mine].parse(value!) as never)
    }
    return { ...takesRegion.parse(others.join(', '), sort), ...none, ...arg }
  },
  print: (arg, sort) =>
    [
      takesRegion.print(arg, sort),
      ...keys.flatMap((key) => (arg[key] === none[key] ? [] : [`${key} = ${own[key].print(arg[key] as never)}`])),
    ].join(', '),
  pack: (arg) => packRegion(arg, keys.map((key) => fieldBytes(arg[key], fields[key][1])).join('')),
}

export const takes = withDescriptors(whole, [['guest_memfd', fields.guest_memfd[0]]])
