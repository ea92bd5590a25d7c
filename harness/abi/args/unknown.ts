/** Any ioctl number, and its argument. */
import fc from 'fast-check'
import { split, type Codec } from '../../model/codec.ts'
import { numberField, property } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import { ioctls } from '../../names/index.ts'
import { count, printNumber, u64, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

export interface Unknown {
  nr: number
  arg: bigint
}

const byNumber = new Map(Object.entries(ioctls).map(([name, nr]) => [nr as number, name]))

const number = count(
  'the number of the ioctl',
  unsigned(32),
  fc.constantFrom(0xaeff, 0x4020aeff, 0xae00 + 0x5f, 0x0000, 0xffffffff, 0xaf00),
)
const argument = u64('its argument', fc.constantFrom(0n, 1n, 0xffffn), printNumber)

export const takes: Codec<Unknown> = {
  any: () => fc.tuple(number.any, argument.any).map(([nr, arg]) => ({ nr, arg })),
  fields: () => [
    numberField<Unknown, number>(
      'nr',
      number,
      ({ nr }) => nr,
      (arg, nr) => (byNumber.has(nr) ? undefined : { ...arg, nr }),
    ),
    property('arg', 'arg', argument),
  ],
  parse(text) {
    const [nr = '', arg = '0', ...more] = split(text)
    if (more.length > 0)
      throw new UserError(`an ioctl has a number and an argument, so that ${quoted(more[0]!)} has no place`)
    const unknown = number.parse(nr)
    if (byNumber.has(unknown)) throw new UserError(`${nr} is ${byNumber.get(unknown)}; write that`)
    return { nr: unknown, arg: argument.parse(arg) }
  },
  print: ({ nr, arg }) => `0x${nr.toString(16)}${arg === 0n ? '' : `, ${argument.print(arg)}`}`,
  pack: ({ arg }) => ({ before: '', arg: arg.toString(16), after: '' }),
}
