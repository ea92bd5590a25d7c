/** Pointers that an argument is or holds: good ones to the agent's data, and bad ones. */
import fc from 'fast-check'
import { readNumber, unsigned } from './scalar.ts'

/**
 * A pointer that is wrong: nowhere mapped, read-only, or with only so many good bytes before the end of the mapping.
 */
export type BadPointer = 'unmapped' | 'readonly' | number

const SIZE_OF_D = 0x10000
/** What is short lies in the upper half of the agent's data, apart from what lies at its beginning. */
const SHORT_BITS = 15

/** The address of a struct or value put at data offset `at`, in the agent's notation. */
export const address = (bad: BadPointer | undefined, at = 0): string =>
  bad === undefined
    ? `@d:${at.toString(16)}`
    : bad === 'unmapped'
      ? '@u:0'
      : bad === 'readonly'
        ? `@r:${at.toString(16)}`
        : `@d:${(SIZE_OF_D - bad).toString(16)}`

/** Where the bytes of that struct are written; undefined where nothing can be. */
export const dataAt = (bad: BadPointer | undefined, at = 0): string | undefined =>
  bad === 'unmapped' ? undefined : `d:${(typeof bad === 'number' ? SIZE_OF_D - bad : at).toString(16)}`

/** The op that puts `hex` there, cut to the bytes that exist; ends with a blank, or is empty. */
export const writeOp = (bad: BadPointer | undefined, hex: string, at = 0): string => {
  const where = dataAt(bad, at)
  const room = typeof bad === 'number' ? hex.slice(0, bad * 2) : hex
  return where === undefined || room === '' ? '' : `w,${where},${room} `
}

export const printBadPointer = (bad: BadPointer): string => (typeof bad === 'number' ? `&short(${bad})` : `&${bad}`)

/** `&unmapped`, `&readonly`, `&short(16)`; undefined for any other text. */
export const parseBadPointer = (text: string): BadPointer | undefined => {
  const short = /^&short\((.*)\)$/.exec(text)
  return short
    ? Number(readNumber(short[1]!, 'N of &short(N)', unsigned(SHORT_BITS)))
    : text === '&unmapped' || text === '&readonly'
      ? (text.slice(1) as BadPointer)
      : undefined
}

/**
 * A pointer that fails for certain: for a struct of `size` bytes that the kernel reads, and also writes if `written`.
 */
export const anyBadPointer = (size: number, written: boolean): fc.Arbitrary<BadPointer> =>
  fc.oneof(
    fc.constant<BadPointer>('unmapped'),
    fc.integer({ min: 0, max: size - 1 }),
    ...(written ? [fc.constant<BadPointer>('readonly')] : []),
  )

/** What `whole` draws, now and then behind a pointer that fails for certain; `size` and `written` as for anyBadPointer. */
export const sometimesBad = <Arg extends object>(
  whole: fc.Arbitrary<Arg>,
  size: number,
  written: boolean,
): fc.Arbitrary<Arg & { at?: BadPointer }> =>
  fc.oneof(
    { arbitrary: whole, weight: 24 },
    { arbitrary: fc.tuple(whole, anyBadPointer(size, written)).map(([arg, at]) => ({ ...arg, at })), weight: 1 },
  )

/** True where copying `size` bytes from (or, `written`, also to) such a pointer fails with EFAULT. */
export const faults = (bad: BadPointer | undefined, size: number, written = false): boolean =>
  bad !== undefined && (bad === 'unmapped' || (bad === 'readonly' ? written : bad < size))
