/** Pointers that an argument is or holds: good ones to the agent's data, and bad ones. */
import fc from 'fast-check'
import { printNumber, readNumber, unsigned, type Range } from './scalar.ts'

/**
 * A pointer that is wrong: nowhere mapped, read-only, in the kernel's half of the addresses, good but for a tag in its
 * upper byte, or with only so many good bytes before the end of the mapping.
 */
export type BadPointer = 'unmapped' | 'readonly' | 'kernel' | { tag: number } | number

/** An address of the kernel's half: bit 55 is set, and those above it. */
const OF_KERNEL = 'ffff800000000000'
/** Where the tag of an address begins; it has 8 bits, and 0 is none. */
const TAG_SHIFT = 56n
const TAGS: Range = { min: 1n, max: 0xffn }

/** Bytes of the agent's data, area `d` of its protocol. */
export const SIZE_OF_DATA = 0x10000
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
        : bad === 'kernel'
          ? OF_KERNEL
          : typeof bad === 'number'
            ? `@d:${(SIZE_OF_DATA - bad).toString(16)}`
            : `@d:${at.toString(16)}^${(BigInt(bad.tag) << TAG_SHIFT).toString(16)}`

/** Where the bytes of that struct are written; undefined where nothing can be. */
export const dataAt = (bad: BadPointer | undefined, at = 0): string | undefined =>
  bad === 'unmapped' || bad === 'kernel'
    ? undefined
    : `d:${(typeof bad === 'number' ? SIZE_OF_DATA - bad : at).toString(16)}`

/** The op that puts `hex` there, cut to the bytes that exist; ends with a blank, or is empty. */
export const writeOp = (bad: BadPointer | undefined, hex: string, at = 0): string => {
  const where = dataAt(bad, at)
  const room = typeof bad === 'number' ? hex.slice(0, bad * 2) : hex
  return where === undefined || room === '' ? '' : `w,${where},${room} `
}

/**
 * The op that puts the pointer `to` into the struct of `size` bytes behind `bad`, at `offset` in it; empty where not
 * all of the struct is there.
 */
export const pointerOp = (bad: BadPointer | undefined, size: number, offset: number, to: string): string => {
  const where = typeof bad === 'number' && bad < size ? undefined : dataAt(bad)
  return where === undefined ? '' : `p,d:${(parseInt(where.slice(2), 16) + offset).toString(16)},${to} `
}

export const printBadPointer = (bad: BadPointer): string =>
  typeof bad === 'number' ? `&short(${bad})` : typeof bad === 'object' ? `&tagged(${printNumber(bad.tag)})` : `&${bad}`

/** `&unmapped`, `&readonly`, `&kernel`, `&tagged(0xff)`, `&short(16)`; undefined for any other text. */
export const parseBadPointer = (text: string): BadPointer | undefined => {
  const [, kind, n] = /^&(\w+)(?:\((.*)\))?$/.exec(text) ?? []
  if (n === undefined) return kind === 'unmapped' || kind === 'readonly' || kind === 'kernel' ? kind : undefined
  if (kind === 'short') return Number(readNumber(n, 'N of &short(N)', unsigned(SHORT_BITS)))
  return kind === 'tagged' ? { tag: Number(readNumber(n, 'N of &tagged(N)', TAGS)) } : undefined
}

/**
 * A pointer that fails for certain: for a struct of `size` bytes that the kernel reads, and also writes if `written`.
 */
export const anyBadPointer = (size: number, written: boolean): fc.Arbitrary<BadPointer> =>
  fc.oneof(
    fc.constantFrom<BadPointer>('unmapped', 'unmapped', 'kernel'),
    fc.integer({ min: Number(TAGS.min), max: Number(TAGS.max) }).map((tag) => ({ tag })),
    fc.integer({ min: 0, max: size - 1 }),
    ...(written ? [fc.constant<BadPointer>('readonly')] : []),
  )

/**
 * What `whole` draws, now and then behind a pointer that fails for certain; `size` and `written` as for anyBadPointer.
 */
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
  bad !== undefined && (bad === 'readonly' ? written : typeof bad !== 'number' || bad < size)
