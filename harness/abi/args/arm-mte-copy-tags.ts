/** struct kvm_arm_copy_mte_tags: from where, to where and how many tags of the guest's memory are copied. */
import fc from 'fast-check'
import { returned, setOnce, split, type Codec } from '../../model/codec.ts'
import {
  address,
  anyBadPointer,
  faults,
  parseBadPointer,
  pointerOp,
  printBadPointer,
  SIZE_OF_DATA,
  type BadPointer,
} from '../../model/pointer.ts'
import { UserError } from '../../process/user-error.ts'
import { anyNumber, named64, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { mteFlags, structs } from '../../names/index.ts'
import { quoted } from '../../process/visible.ts'

type Fields = Record<'guest_ipa' | 'length' | 'flags' | 'reserved', Field<bigint>>
/** `to`: the pointer in it, to the tags, is a bad one. */
export type CopyTags = Struct<Fields> & { to?: BadPointer }

/** Where the tags are in the agent's data. */
const TAGS_AT = 0x100
/** Bytes of memory that are copied at once, and of their tags: one for 16 of them. */
export const PAGE = 0x1000n
const TAGS = 256
const { size: SIZE, fields } = structs.kvm_arm_copy_mte_tags
const size = (n: bigint) => u64('length', anyNumber(64, [n, n, 0n, 0x2000n, 0x800n, 1n << 31n, (1n << 31n) - 0x1000n]))

const whole = struct<Fields>('kvm_arm_copy_mte_tags', {
  guest_ipa: { of: u64('guest_ipa', anyNumber(64, [0n, 0n, 0x1000n, 0x10_0000n, 0x800n])), bare: true },
  length: { of: size(0x1000n), unless: 0n },
  flags: { of: named64('flags', mteFlags, anyNumber(64, [0n, 1n, 2n])), unless: 0n },
  reserved: { of: u64('reserved', anyNumber(128, [0n, 0n, 0n, 1n]), undefined, unsigned(128)), unless: 0n },
})
const anyTo = fc.option(anyBadPointer(2 * TAGS, true), { nil: undefined, freq: 8 })

/** Tags are copied to the guest. */
export const isToGuest = ({ flags }: CopyTags): boolean => flags === 0n

/**
 * Bytes of memory whose tags fit where they come from or go to; undefined: nobody has looked what a tagged pointer
 * does.
 */
export const roomOf = (arg: CopyTags): bigint | undefined => {
  const { to } = arg
  if (typeof to === 'object') return undefined
  const room = typeof to === 'number' ? to : faults(to, TAGS, !isToGuest(arg)) ? 0 : SIZE_OF_DATA - TAGS_AT
  return BigInt(Math.floor(room / TAGS)) * PAGE
}

export const takes: Codec<CopyTags> = {
  ...whole,
  any: (sort) =>
    fc.tuple(whole.any(sort), anyTo).map(([arg, to]): CopyTags => (to === undefined ? arg : { ...arg, to })),
  parse(text, sort) {
    const own: { to?: BadPointer } = {}
    const others = split(text).filter((part) => {
      const [, value] = /^addr = (.*)$/.exec(part) ?? []
      if (value === undefined) return true
      const to = parseBadPointer(value)
      if (to === undefined) throw new UserError(`addr is a bad pointer such as &unmapped, not ${quoted(value)}`)
      setOnce(own, 'to', to, 'addr')
      return false
    })
    const arg: CopyTags = { ...whole.parse(others.join(', '), sort), ...own }
    if (typeof arg.to === 'number' && typeof arg.at === 'number' && !faults(arg.at, SIZE))
      throw new UserError('the struct and its tags cannot both end where the mapping does')
    return arg
  },
  print: ({ to, ...arg }, sort) =>
    [whole.print(arg, sort), ...(to === undefined ? [] : [`addr = ${printBadPointer(to)}`])].join(', '),
  pack(arg, slot, host) {
    const { before, ...rest } = whole.pack(arg, slot, host)
    const tags = pointerOp(arg.at, SIZE, fields.addr[0], address(arg.to, TAGS_AT))
    return { before: before + tags, ...rest }
  },
  ...returned,
}
