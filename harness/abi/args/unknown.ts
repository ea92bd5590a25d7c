/** Any ioctl number, and its argument. */
import fc from 'fast-check'
import { split, type Codec } from '../../model/codec.ts'
import { UserError } from '../../process/user-error.ts'
import { ioctls } from '../../names/index.ts'
import { printNumber, readNumber, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

export interface Unknown {
  nr: number
  arg: bigint
}

const byNumber = new Map(Object.entries(ioctls).map(([name, nr]) => [nr as number, name]))

export const takes: Codec<Unknown> = {
  any: () =>
    fc
      .tuple(
        fc.constantFrom(0xaeff, 0x4020aeff, 0xae00 + 0x5f, 0x0000, 0xffffffff, 0xaf00),
        fc.constantFrom(0n, 1n, 0xffffn),
      )
      .map(([nr, arg]) => ({ nr, arg })),
  parse(text) {
    const [nr = '', arg = '0', ...more] = split(text)
    if (more.length > 0)
      throw new UserError(`an ioctl has a number and an argument, so that ${quoted(more[0]!)} has no place`)
    const number = Number(readNumber(nr, 'the number of the ioctl', unsigned(32)))
    if (byNumber.has(number)) throw new UserError(`${nr} is ${byNumber.get(number)}; write that`)
    return { nr: number, arg: readNumber(arg, 'its argument', unsigned(64)) }
  },
  print: ({ nr, arg }) => `0x${nr.toString(16)}${arg === 0n ? '' : `, ${printNumber(arg)}`}`,
  pack: ({ arg }) => ({ before: '', arg: arg.toString(16), after: '' }),
}
