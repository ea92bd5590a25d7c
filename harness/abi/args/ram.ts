/**
 * Words of the agent's guest memory, from an offset on: read, or written. `ram(0x10000)`, `ram(0x10000 = 0x8, 0x1)`.
 */
import fc from 'fast-check'
import { showsNumber, split, type Codec } from '../../model/codec.ts'
import { anyNumber, bytes, fromBytes, hex, printNumber, readNumber, unsigned } from '../../model/scalar.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'
import { AGENT_MEMORY } from './userspace-address.ts'

/** `words`: what userspace writes, of 64 bits each; none: it reads the one that is there. */
export interface RamAccess {
  offset: number
  words: readonly bigint[]
}

/** Bytes of a word, and as many words as a trace writes at once: those of a command of an ITS. */
const WORD = 8
const MOST = 4
const OFFSETS = { min: 0n, max: AGENT_MEMORY - BigInt(MOST * WORD) }
const word = unsigned(64)

const parse = (text: string): RamAccess => {
  const [, at = '', values] = /^(\w*)(?: = (.+))?$/.exec(text) ?? []
  const offset = Number(readNumber(at, 'the offset into the agent’s guest memory', OFFSETS))
  const words = values === undefined ? [] : split(values).map((one) => readNumber(one, 'a word', word))
  if (offset % WORD !== 0) throw new UserError(`ram: words are ${WORD} bytes apart; ${quoted(at)} is between two`)
  if (words.length > MOST) throw new UserError(`ram: ${words.length} words; at once there are ${MOST} at most`)
  return { offset, words }
}

/** Where random calls have a queue of commands, the tables of an ITS, and those of LPIs. */
const offsets = fc
  .tuple(fc.constantFrom(0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000, 0x5_0000), fc.constantFrom(0, 0, 8, 32, 64, 0x400))
  .map(([table, at]) => table + at)
const LAST = Number(OFFSETS.max)
const anywhere = fc.oneof(
  { arbitrary: offsets, weight: 4 },
  { arbitrary: fc.constantFrom(0, LAST), weight: 1 },
  { arbitrary: fc.nat(LAST / WORD).map((n) => n * WORD), weight: 3 },
)
const values = anyNumber(64, [0n, 1n, 0x2000n, (1n << 63n) | 1n, 0xa1a1_a1a1_a1a1_a1a1n])
const any = fc.tuple(
  anywhere,
  fc.oneof(
    fc.constant([]),
    values.map((one) => [one]),
    fc.array(values, { maxLength: MOST }),
  ),
)

export const takes: Codec<RamAccess> = {
  any: () => any.map(([offset, words]) => ({ offset, words })),
  fields: () => [
    {
      name: 'the offset',
      range: () => OFFSETS,
      named: () => [],
      get: ({ offset }) => BigInt(offset),
      set: (arg, offset) => (offset % BigInt(WORD) === 0n ? { ...arg, offset: Number(offset) } : undefined),
    },
    {
      name: 'a word',
      range: () => word,
      named: () => [],
      get: ({ words }) => words[0],
      set: (arg, value) => (arg.words.length > 0 ? { ...arg, words: [value, ...arg.words.slice(1)] } : undefined),
    },
  ],
  parse,
  print: ({ offset, words }) => hex(offset) + (words.length > 0 ? ` = ${words.map(printNumber).join(', ')}` : ''),
  pack({ offset, words }) {
    const place = `g:${offset.toString(16)}`
    return words.length > 0
      ? { before: `w,${place},${words.map((one) => bytes(one, WORD)).join('')} `, arg: '', after: '' }
      : { before: '', arg: '', after: ` x,${place},${WORD}` }
  },
  value: (ret, [data], { words }) =>
    ret >= 0 && words.length === 0 && data !== undefined ? fromBytes(data) : undefined,
  shows: showsNumber(64),
}
