/**
 * pread(2) of a descriptor: where from, and how much. The answer shows how much came, and what: `{ length = 4, bytes =
 * 0x18 }`.
 */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { property } from '../../model/number-field.ts'
import { anyNumber, count, fromBytes, printNumber, readNumber, u64, unsigned } from '../../model/scalar.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

export interface Pread {
  length: number
  offset: bigint
}

/** As many bytes as a trace can show. */
export const MOST = 256
const length = count('length', { min: 0n, max: BigInt(MOST) }, fc.oneof(fc.constantFrom(24, 48, MOST), fc.nat(MOST)))
/** Beyond, the kernel refuses before it looks whether there is such a descriptor. */
const OFFSET_BITS = 63
const offset = u64(
  'offset',
  anyNumber(OFFSET_BITS, [0n, 0n, 24n, 72n, 136n, 200n, 215n, 216n, 2112n]),
  printNumber,
  unsigned(OFFSET_BITS),
)

/** Length and bytes as one number: the length in the lowest bits. */
const LENGTH_BITS = 16n
export const valueOf = (came: number, bytes: bigint): bigint => (bytes << LENGTH_BITS) | BigInt(came)
export const lengthIn = (value: bigint): number => Number(BigInt.asUintN(Number(LENGTH_BITS), value))
export const bytesIn = (value: bigint): bigint => value >> LENGTH_BITS

export const takes: Codec<Pread> = {
  any: () => fc.record({ length: length.any, offset: offset.any }),
  fields: () => [property('length', 'length', length), property('offset', 'offset', offset)],
  parse(text) {
    const arg: Partial<Pread> = {}
    for (const part of split(text)) {
      const [, key, value = ''] = /^(\w+) = (.*)$/.exec(part) ?? []
      if (key === 'length') setOnce(arg, 'length', length.parse(value))
      else if (key === 'offset') setOnce(arg, 'offset', offset.parse(value))
      else throw new UserError(`pread takes length = N, offset = N, not ${quoted(part)}`)
    }
    return { length: 0, offset: 0n, ...arg }
  },
  print: ({ length: most, offset: at }) =>
    `length = ${length.print(most)}${at === 0n ? '' : `, offset = ${offset.print(at)}`}`,
  pack: ({ length: most, offset: at }) => ({
    before: '',
    arg: `d:0,${most.toString(16)},${at.toString(16)}`,
    after: ` x,d:0,${most.toString(16)}`,
  }),
  value: (ret, [data = '']) => (ret >= 0 ? valueOf(ret, fromBytes(data.slice(0, 2 * ret))) : undefined),
  shows: {
    parse(text) {
      const [, came, bytes] = /^\{ length = (\w+), bytes = (\w+) \}$/.exec(text) ?? []
      if (came === undefined || bytes === undefined)
        throw new UserError(`the answer shows what was read, as { length = 4, bytes = 0x18 }, not ${quoted(text)}`)
      return valueOf(
        Number(readNumber(came, 'length', { min: 0n, max: BigInt(MOST) })),
        readNumber(bytes, 'bytes', unsigned(8 * MOST)),
      )
    },
    print: (value) => `{ length = ${lengthIn(value)}, bytes = ${printNumber(bytesIn(value))} }`,
  },
}
