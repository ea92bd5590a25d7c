/** fallocate(2): what becomes of a range of a file. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { property } from '../../model/number-field.ts'
import { anyNumber, count, flags, u64 } from '../../model/scalar.ts'
import { fallocateModes } from '../../names/index.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

export interface Fallocate {
  mode: number
  offset: bigint
  len: number
}

const { FALLOC_FL_KEEP_SIZE: KEEP_SIZE, FALLOC_FL_PUNCH_HOLE: PUNCH_HOLE } = fallocateModes
const bitOf = (bit: number): number => Math.log2(bit)
const mode = flags(
  'mode',
  Object.fromEntries(Object.entries(fallocateModes).map(([name, bit]) => [name, bitOf(bit)])),
  fc.oneof(
    { arbitrary: fc.constantFrom(KEEP_SIZE, KEEP_SIZE | PUNCH_HOLE, KEEP_SIZE | PUNCH_HOLE), weight: 6 },
    { arbitrary: fc.nat(0xff), weight: 2 },
    { arbitrary: fc.constantFrom(0, 0x100, 0x8000_0000), weight: 1 },
  ),
)
const PAST = 1n << 63n
const offset = u64(
  'offset',
  anyNumber(64, [0n, 0n, 0x1000n, 0x1000n, 0x2000n, 0xf000n, 0x10000n, 0x800n, PAST - 0x1000n, PAST]),
)
/** As much memory as a list may have for itself: what is allocated is there until the descriptor is closed. */
const MOST = 0x10_0000
const len = count(
  'len',
  { min: 0n, max: BigInt(MOST) },
  fc.oneof(
    { arbitrary: fc.constantFrom(0x1000, 0x1000, 0x2000, 0x10000), weight: 6 },
    { arbitrary: fc.constantFrom(0, 1, 0x800, 0x1001, MOST), weight: 1 },
  ),
)

export const takes: Codec<Fallocate> = {
  any: () => fc.record({ mode: mode.any, offset: offset.any, len: len.any }),
  fields: () => [property('mode', 'mode', mode), property('offset', 'offset', offset), property('len', 'len', len)],
  parse(text) {
    const arg: Partial<Fallocate> = {}
    for (const part of split(text)) {
      const [, key, value = ''] = /^(\w+) = (.*)$/.exec(part) ?? []
      if (key === undefined) setOnce(arg, 'mode', mode.parse(part), 'the mode')
      else if (key === 'offset') setOnce(arg, 'offset', offset.parse(value))
      else if (key === 'len') setOnce(arg, 'len', len.parse(value))
      else throw new UserError(`fallocate takes a mode, offset = N and len = N, not ${quoted(part)}`)
    }
    return { mode: 0, offset: 0n, len: 0, ...arg }
  },
  print: ({ mode: how, offset: from, len: much }) =>
    `${mode.print(how)}${from === 0n ? '' : `, offset = ${offset.print(from)}`}, len = ${len.print(much)}`,
  pack: ({ mode: how, offset: from, len: much }) => ({
    before: '',
    arg: [how >>> 0, from, much].map((n) => n.toString(16)).join(),
    after: '',
  }),
}
