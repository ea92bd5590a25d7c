/** An argument that no kernel looks at: 0 where a trace leaves it out. */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import { byValue } from '../../model/number-argument.ts'
import { printNumber, u64, unsigned } from '../../model/scalar.ts'

const { max } = unsigned(64)
const any = fc.oneof(fc.constantFrom(0n, 1n, max), fc.bigInt({ min: 0n, max }))
const number = byValue(u64('the argument', any, printNumber))

export const ignored: Codec<bigint> = {
  ...number,
  parse: (text, sort) => (text === '' ? 0n : number.parse(text, sort)),
  print: (arg, sort) => (arg === 0n ? '' : number.print(arg, sort)),
}
