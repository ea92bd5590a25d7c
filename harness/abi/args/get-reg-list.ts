/** struct kvm_reg_list: how many ids there is room for, and then the ids. */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../model/codec.ts'
import { address, parseBadPointer, dataAt, printBadPointer, writeOp, type BadPointer } from '../../model/pointer.ts'
import { property } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import { errnos } from '../../names/index.ts'
import { bytes, fromBytes, printNumber, u64 } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

/**
 * `n`: how many ids there is room for. `at`: the pointer is a bad one; where it is short(16), the room really is for
 * one id.
 */
export interface RegList {
  n: bigint
  at?: BadPointer
}

export const HEADER = 8
export const ID = 8
/** Bytes one op of an agent reads back, and how many such ops are enough for every list. */
const CHUNK = 0x1000
const CHUNKS = 2

const count = u64(
  'n',
  fc.oneof(
    { arbitrary: fc.constant(1000n), weight: 5 },
    {
      arbitrary: fc.constantFrom(
        0n,
        1n,
        100n,
        241n,
        242n,
        312n,
        8000n,
        (1n << 32n) - 1n,
        1n << 32n,
        (1n << 32n) + 1000n,
        (1n << 64n) - 1n,
      ),
      weight: 4,
    },
    { arbitrary: fc.integer({ min: 240, max: 370 }).map(BigInt), weight: 1 },
  ),
  printNumber,
)
const anyAt = fc.oneof(
  fc.constantFrom<BadPointer>('unmapped', 'readonly', 'kernel', { tag: 1 }, { tag: 0xff }),
  fc.constantFrom<BadPointer>(0, 4, 7, 8, 15, 16, 800, 4000),
)
const any: fc.Arbitrary<RegList> = fc.oneof(
  { arbitrary: count.any.map((n): RegList => ({ n })), weight: 8 },
  { arbitrary: fc.tuple(count.any, anyAt).map(([n, at]): RegList => ({ n, at })), weight: 2 },
)

/** A list whose entries have so many bytes; each comes back as one number. */
export const listOf = (entry: number): Codec<RegList> => ({
  any: () => any,
  fields: () => [property('n', 'n', count)],
  pointsTo: { what: 'the number of ids', size: HEADER, isWritten: true },
  parse(text) {
    const arg: Partial<RegList> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, n] = /^n = (.+)$/.exec(part) ?? []
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (n !== undefined) setOnce(arg, 'n', count.parse(n))
      else throw new UserError(`struct kvm_reg_list: cannot place ${quoted(part)}; write n = 500`)
    }
    return { n: 0n, ...arg }
  },
  print: ({ n, at }) => [...(at === undefined ? [] : [printBadPointer(at)]), `n = ${count.print(n)}`].join(', '),
  pack({ n, at }) {
    const where = dataAt(at)
    const from = where === undefined ? 0 : parseInt(where.slice(2), 16)
    const room = typeof at === 'number' ? Math.min(at, HEADER + CHUNK) : HEADER + CHUNKS * CHUNK
    const ids = Math.min(Number(BigInt.asUintN(32, n)) * entry, room - HEADER)
    let after = where === undefined || room < HEADER ? '' : ` x,${where},${HEADER}`
    if (after !== '')
      for (let read = 0; read < ids; read += CHUNK)
        after += ` x,d:${(from + HEADER + read).toString(16)},${Math.min(CHUNK, ids - read).toString(16)}`
    return { before: writeOp(at, bytes(n, HEADER)), arg: address(at), after }
  },
  value: (ret, data) => (data[0] !== undefined && (ret >= 0 || ret === -errnos.E2BIG) ? fromBytes(data[0]) : undefined),
  shows: showsNumber(64),
  list(ret, data) {
    if (ret < 0 || data[0] === undefined) return undefined
    const n = Number(fromBytes(data[0]))
    return (
      data
        .slice(1)
        .map((read) => read.padEnd(CHUNK * 2, '0'))
        .join('')
        .slice(0, n * entry * 2)
        .match(new RegExp(`.{${entry * 2}}`, 'g'))
        ?.map(fromBytes) ?? []
    )
  },
})

export const takes = listOf(ID)
