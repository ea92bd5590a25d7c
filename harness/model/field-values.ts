/**
 * Which values the fields of a register take, four bits each, as a host profile writes it: `4:0-2 8:05 12:0-6f>0` says
 * that bits 4 to 7 take 0, 1 and 2, bits 8 to 11 take 0 and 5, bits 12 to 15 take 0 to 6, and f, which then reads as 0.
 * Fields that are not named take only the value that they have.
 */

/** By the lowest bit of the field: each value that it takes, and what it reads as afterwards. */
export type FieldValues = ReadonlyMap<number, ReadonlyMap<number, number>>

/** Bits of a field, and a mask of as many: the architecture's ID registers are made of fields of four bits. */
export const FIELD_BITS = 4
export const FIELD_MASK = 15n

/** What the field from bit `at` on holds in `value`. */
export const fieldOf = (value: bigint, at: number): number => Number((value >> BigInt(at)) & FIELD_MASK)

/** `value` with another number in the field from bit `at` on. */
export const withField = (value: bigint, at: number, field: number): bigint =>
  (value & ~(FIELD_MASK << BigInt(at))) | (BigInt(field) << BigInt(at))

const VALUES = '(?:[0-9a-f](?:-[0-9a-f]|>[0-9a-f])?)+'
/** What printFields writes. */
export const FIELDS = new RegExp(`^\\d+:${VALUES}(?: \\d+:${VALUES})*$`)

const digit = (text: string): number => Number.parseInt(text, 16)

const parseValues = (text: string): Map<number, number> => {
  const values = new Map<number, number>()
  for (const [, first, to, readsAs] of text.matchAll(/(.)(?:-(.)|>(.))?/g))
    for (let value = digit(first!); value <= digit(to ?? first!); value++)
      values.set(value, readsAs === undefined ? value : digit(readsAs))
  return values
}

/** Reads what matches FIELDS. */
export const parseFields = (text: string): FieldValues =>
  new Map(
    text.split(' ').map((field) => {
      const [at, values] = field.split(':') as [string, string]
      return [Number(at), parseValues(values)]
    }),
  )

/** From so many values in a row on, only the first and the last are written. */
const LONG_RUN = 3

const printValues = (values: ReadonlyMap<number, number>): string => {
  const plain = (value: number) => values.get(value) === value
  let text = ''
  for (const [value, readsAs] of [...values].toSorted(([a], [b]) => a - b)) {
    if (!plain(value)) text += `${value.toString(16)}>${readsAs.toString(16)}`
    else if (!plain(value - 1)) {
      let last = value
      while (plain(last + 1)) last++
      const run = Array.from({ length: last - value + 1 }, (_, i) => (value + i).toString(16))
      text += run.length < LONG_RUN ? run.join('') : `${run[0]}-${run.at(-1)}`
    }
  }
  return text
}

/** As a host profile has it, the lowest field first. */
export const printFields = (fields: FieldValues): string =>
  [...fields]
    .toSorted(([a], [b]) => a - b)
    .map(([at, values]) => `${at}:${printValues(values)}`)
    .join(' ')
