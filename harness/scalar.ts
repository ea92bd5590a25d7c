/** A single number of the ABI: read from a trace, written to one, turned to bytes, drawn at random. */
import fc from 'fast-check'
import { Complaint } from './complaint.ts'

export interface Scalar<T extends number | bigint = number | bigint> {
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

/** Reads 12, -1, 0x1f and 1 << 9; `what` names the thing in the Complaint. */
export const readNumber = (text: string, what: string): bigint => {
  const shift = /^(\d+) << (\d+)$/.exec(text)
  if (shift) return BigInt(shift[1]!) << BigInt(shift[2]!)
  if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) throw new Complaint(`not ${what}: "${text}"`)
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
}

/** Small numbers in decimal, others in hexadecimal. */
export const printNumber = (value: number | bigint): string =>
  value < 0 ? String(value) : value < 1024 ? String(value) : `0x${value.toString(16)}`

/** A number that may have a name; of two names for one number the first prints. */
export const named = (what: string, names: Readonly<Record<string, number>>, any: fc.Arbitrary<number>): Scalar<number> => {
  const byNumber = new Map<number, string>()
  for (const [name, n] of Object.entries(names)) if (!byNumber.has(n)) byNumber.set(n, name)
  return {
    parse: (text) => (Object.hasOwn(names, text) ? names[text]! : Number(readNumber(text, `${what} known to names.ts, nor a number`))),
    print: (n) => byNumber.get(n) ?? printNumber(n),
    any,
  }
}

/** A bit set: names joined with ` | `, bits without one as `1 << n`, none as 0. */
export const flags = (what: string, bits: Readonly<Record<string, number>>, any: fc.Arbitrary<number>): Scalar<number> => {
  const byBit = new Map(Object.entries(bits).map(([name, bit]) => [bit, name] as const))
  return {
    parse: (text) => text.split(' | ').reduce((all, part) => {
      const bit = Object.hasOwn(bits, part) ? 1 << bits[part]! : Number(readNumber(part, `${what} known to names.ts, nor a number`))
      return (all | bit) >>> 0
    }, 0),
    print: (value) => {
      const parts: string[] = []
      for (let bit = 0; bit < 32; bit++) if (value & (1 << bit)) parts.push(byBit.get(bit) ?? `1 << ${bit}`)
      return parts.join(' | ') || '0'
    },
    any,
  }
}

/** A plain number of up to 53 bits. */
export const count = (any: fc.Arbitrary<number>): Scalar<number> => ({
  parse: (text) => Number(readNumber(text, 'a number')),
  print: printNumber,
  any,
})

/** A 64-bit number in hexadecimal, or as `print` says. */
export const u64 = (any: fc.Arbitrary<bigint>, print: (value: bigint) => string = (v) => `0x${v.toString(16)}`): Scalar<bigint> => ({
  parse: (text) => BigInt.asUintN(64, readNumber(text, 'a number of 64 bits')),
  print,
  any,
})
