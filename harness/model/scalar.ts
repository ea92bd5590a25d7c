/** A single number of the ABI: read from a trace, written to one, turned to bytes, drawn at random. */
import fc from 'fast-check'
import { UserError } from '../process/user-error.ts'
import { didYouMean } from '../process/nearest.ts'
import { quoted } from '../process/visible.ts'

/** The numbers that a field can hold, both ends included. */
export interface Range {
  min: bigint
  max: bigint
}

/** Those of a field of so many bits. */
export const unsigned = (bits: number): Range => ({ min: 0n, max: (1n << BigInt(bits)) - 1n })
export const signed = (bits: number): Range => ({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n })

export interface Scalar<T extends number | bigint | string = number | bigint> {
  range: Range
  /** The numbers that have a name. */
  named?: readonly bigint[]
  /** Throws a UserError for what is no such number, or lies outside the range. */
  parse(text: string): T
  print(value: T): string
  any: fc.Arbitrary<T>
}

/** Little-endian bytes of `value` as hexadecimal text, `size` bytes long, negative numbers in two's complement. */
export const bytes = (value: number | bigint, size: number): string => {
  let v = BigInt.asUintN(size * 8, BigInt(value))
  let text = ''
  for (let i = 0; i < size; i++, v >>= 8n) text += HEX[Number(v & 0xffn)]
  return text
}
const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/** The inverse of `bytes`: an unsigned number of any length. */
export const fromBytes = (hex: string): bigint => {
  let text = ''
  for (let i = hex.length - 2; i >= 0; i -= 2) text += hex.slice(i, i + 2)
  return text === '' ? 0n : BigInt(`0x${text}`)
}

/** No number of the notation has more digits, or more bits: the largest register has 2048. */
const MOST_DIGITS = 700,
  MOST_BITS = 4096n

const valueOf = (text: string): bigint | undefined => {
  if (text.length > MOST_DIGITS || !/^-?(\d+|0x[0-9a-f]+)( << \d+)?$/i.test(text)) return undefined
  const [number = '', by = '0'] = text.split(' << ')
  const value = number.startsWith('-') ? -BigInt(number.slice(1)) : BigInt(number)
  return BigInt(by) > MOST_BITS ? undefined : value << BigInt(by)
}

const spoken = ({ min, max }: Range): string =>
  max >> 64n > 0n
    ? `a number of up to ${max.toString(2).length} bits`
    : `a number from ${printNumber(min)} to ${printNumber(max)}`

/**
 * Reads 12, -1, 0x1f and 1 << 9. `what` names the field in the UserError that everything outside of `range` gets; `or`:
 * what else it can be, and `names` which words that are.
 */
export const readNumber = (
  text: string,
  what: string,
  range: Range,
  or = '',
  names: readonly string[] = [],
): bigint => {
  const value = valueOf(text)
  if (value === undefined || value < range.min || value > range.max)
    throw new UserError(`${what} is ${or}${spoken(range)}, not ${quoted(text)}${didYouMean(text, names)}`)
  return value
}

/** A number as C writes it, a negative one as the 64 bits that stand for it. */
export const hex = (value: number | bigint): string =>
  `0x${(value < 0 ? BigInt.asUintN(64, BigInt(value)) : value).toString(16)}`

/** Small numbers in decimal, others in hexadecimal. */
export const printNumber = (value: number | bigint): string =>
  value < 0 ? String(value) : value < 1024 ? String(value) : hex(value)

/** The number that `text` names, or reads as. */
export const readNamed = (
  text: string,
  names: Readonly<Record<string, number | bigint>>,
  what: string,
  range: Range,
): bigint =>
  Object.hasOwn(names, text)
    ? BigInt(names[text]!)
    : readNumber(text, what, range, 'a name that harness/names has, or ', Object.keys(names))

/** A number of 64 bits that may have a name; of two names for one number the first prints. */
export const named64 = (
  what: string,
  names: Readonly<Record<string, number | bigint>>,
  any: fc.Arbitrary<bigint>,
  range = unsigned(64),
): Scalar<bigint> => {
  const byNumber = new Map<bigint, string>()
  for (const [name, n] of Object.entries(names)) if (!byNumber.has(BigInt(n))) byNumber.set(BigInt(n), name)
  return {
    range,
    named: [...byNumber.keys()],
    parse: (text) => readNamed(text, names, what, range),
    print: (n) => byNumber.get(n) ?? printNumber(n),
    any,
  }
}

/** The same of 32 bits. */
export const named = (
  what: string,
  names: Readonly<Record<string, number>>,
  any: fc.Arbitrary<number>,
  range = unsigned(32),
): Scalar<number> => {
  const wide = named64(what, names, any.map(BigInt), range)
  return { ...wide, parse: (text) => Number(wide.parse(text)), print: (n) => wide.print(BigInt(n)), any }
}

/** A set of 64 bits: names joined with ` | `, bits without one as `1 << n`, none as 0. */
export const flags64 = (
  what: string,
  bits: Readonly<Record<string, number>>,
  any: fc.Arbitrary<bigint>,
  range = unsigned(64),
): Scalar<bigint> => {
  const byBit = new Map(Object.entries(bits).map(([name, bit]) => [bit, name] as const))
  const read = (text: string): bigint =>
    Object.hasOwn(bits, text)
      ? 1n << BigInt(bits[text]!)
      : readNumber(text, what, range, 'a name that harness/names has, or ', Object.keys(bits))
  return {
    range,
    named: Object.values(bits).map((bit) => 1n << BigInt(bit)),
    parse: (text) => text.split(' | ').reduce((all, part) => all | read(part), 0n),
    print(value) {
      const parts: string[] = []
      for (let bit = 0; value >> BigInt(bit) !== 0n; bit++)
        if ((value >> BigInt(bit)) & 1n) parts.push(byBit.get(bit) ?? `1 << ${bit}`)
      return parts.join(' | ') || '0'
    },
    any,
  }
}

/** The same with 32 bits. */
export const flags = (
  what: string,
  bits: Readonly<Record<string, number>>,
  any: fc.Arbitrary<number>,
): Scalar<number> => {
  const wide = flags64(what, bits, any.map(BigInt), unsigned(32))
  return { ...wide, parse: (text) => Number(wide.parse(text)), print: (value) => wide.print(BigInt(value >>> 0)), any }
}

/**
 * Numbers of a field of so many bits: mostly one of `likely`, else one at either end of the field, a single bit, or
 * any number at all.
 */
export const anyNumber = (bits: number, likely: readonly bigint[]): fc.Arbitrary<bigint> => {
  const { max } = unsigned(bits)
  return fc.oneof(
    { arbitrary: fc.constantFrom(...likely), weight: 12 },
    { arbitrary: fc.constantFrom(0n, 1n, max - 1n, max), weight: 1 },
    { arbitrary: fc.integer({ min: 0, max: bits - 1 }).map((bit) => 1n << BigInt(bit)), weight: 1 },
    { arbitrary: fc.bigInt({ min: 0n, max }), weight: 1 },
  )
}

/** A plain number of up to 53 bits. */
export const count = (what: string, range: Range, any: fc.Arbitrary<number>): Scalar<number> => ({
  range,
  parse: (text) => Number(readNumber(text, what, range)),
  print: printNumber,
  any,
})

/** A number of 64 bits, or of fewer where `range` says so; in hexadecimal, or as `print` says. */
export const u64 = (
  what: string,
  any: fc.Arbitrary<bigint>,
  print: (value: bigint) => string = hex,
  range = unsigned(64),
): Scalar<bigint> => ({
  range,
  parse: (text) => readNumber(text, what, range),
  print,
  any,
})
