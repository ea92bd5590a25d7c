/** An argument that no kernel looks at: 0 where a trace leaves it out. */
import type { Codec } from '../../model/codec.ts'
import { byValue } from '../../model/number-argument.ts'
import { anyNumber, printNumber, u64 } from '../../model/scalar.ts'

const number = byValue(u64('the argument', anyNumber(64, [0n, 0n, 0n, 1n]), printNumber))

export const ignored: Codec<bigint> = {
  ...number,
  parse: (text, sort) => (text === '' ? 0n : number.parse(text, sort)),
  print: (arg, sort) => (arg === 0n ? '' : number.print(arg, sort)),
}
