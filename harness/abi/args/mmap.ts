/** mmap(2) of one page of a descriptor: shared or private, and what its first eight bytes are, or are made. */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../model/codec.ts'
import { property } from '../../model/number-field.ts'
import { anyNumber, bytes, count, fromBytes, named, u64, unsigned } from '../../model/scalar.ts'
import { mapFlags } from '../../names/index.ts'
import { PAGE } from './set-user-memory-region.ts'

/** `value`: what userspace writes there; absent: it reads. */
export interface Mmap {
  flags: number
  page: number
  value?: bigint
}

/** Bytes that a trace shows of a page, or writes. */
export const WORD = 8
const { MAP_SHARED: SHARED, MAP_PRIVATE: PRIVATE } = mapFlags
const flags = named('flags', mapFlags, fc.constantFrom(SHARED, SHARED, SHARED, PRIVATE), {
  min: BigInt(SHARED),
  max: BigInt(PRIVATE),
})
const page = count(
  'page',
  unsigned(32),
  fc.oneof(fc.constantFrom(0, 0, 0, 1, 1, 2, 15), fc.constantFrom(16, 64, 2 ** 32 - 1)),
)
const value = u64('value', anyNumber(64, [1n]))

/** Where the page begins in the file. */
export const offsetOf = (arg: Mmap): number => arg.page * Number(PAGE)

export const takes: Codec<Mmap> = {
  any: () =>
    fc
      .record({ flags: flags.any, page: page.any, value: fc.option(value.any, { nil: undefined }) })
      .map(({ value: written, ...rest }) => ({ ...rest, ...(written !== undefined && { value: written }) })),
  fields: () => [
    property('flags', 'flags', flags),
    property('page', 'page', page),
    {
      name: 'value',
      range: () => value.range,
      named: () => [],
      get: (arg) => arg.value,
      set: (arg, written) => (arg.value === undefined ? undefined : { ...arg, value: written }),
    },
  ],
  parse(text) {
    const arg: Partial<Mmap> = {}
    for (const part of split(text)) {
      const [, key, rest = ''] = /^(page|value) = (.*)$/.exec(part) ?? []
      if (key === 'page') setOnce(arg, 'page', page.parse(rest))
      else if (key === 'value') setOnce(arg, 'value', value.parse(rest))
      else setOnce(arg, 'flags', flags.parse(part))
    }
    return { flags: SHARED, page: 0, ...arg }
  },
  print: ({ flags: how, page: at, value: written }) =>
    flags.print(how)
    + (at === 0 ? '' : `, page = ${page.print(at)}`)
    + (written === undefined ? '' : `, value = ${value.print(written)}`),
  pack({ flags: how, page: at, value: written }, slot) {
    const arg = `${at.toString(16)},${how}`
    return written === undefined
      ? { before: '', arg, after: ` x,o${slot}:0,${WORD}` }
      : { before: '', arg, after: ` w,o${slot}:0,${bytes(written, WORD)}` }
  },
  value: (ret, [data], { value: written }) =>
    ret >= 0 && written === undefined && data !== undefined ? fromBytes(data) : undefined,
  shows: showsNumber(8 * WORD),
}
