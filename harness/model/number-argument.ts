/** Arguments that are one number, by value or by pointer, and ioctls without any. */
import fc from 'fast-check'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { returned, split, type Codec } from './codec.ts'
import { address, parseBadPointer, printBadPointer, sometimesBad, writeOp, type BadPointer } from './pointer.ts'
import { property, wholeArgument } from './number-field.ts'
import { bytes, u64, printNumber, type Scalar } from './scalar.ts'

const unwanted = u64(
  'the argument',
  fc.oneof({ arbitrary: fc.constant(0n), weight: 9 }, { arbitrary: fc.constant(1n), weight: 1 }),
  printNumber,
)

/** An ioctl without argument (0), or with one that should not be there. */
export const noArgument: Codec<bigint> = {
  parse: (text) => (text === '' ? 0n : unwanted.parse(text)),
  print: (arg) => (arg === 0n ? '' : unwanted.print(arg)),
  any: () => unwanted.any,
  fields: () => [wholeArgument(unwanted)],
  pack: (arg) => ({ before: '', arg: arg.toString(16), after: '' }),
  ...returned,
}

/** An ioctl whose argument is a number itself. */
export const byValue = <T extends number | bigint>(of: Scalar<T>): Codec<T> => ({
  parse: (text) => of.parse(text),
  print: (arg) => of.print(arg),
  any: () => of.any,
  fields: () => [wholeArgument(of)],
  pack: (arg) => ({ before: '', arg: BigInt.asUintN(64, BigInt(arg)).toString(16), after: '' }),
})

/** A pointer to a single number of `size` bytes. */
export const byPointer = (
  of: Scalar<number>,
  size: number,
  { written = false } = {},
): Codec<{ value: number; at?: BadPointer }> => {
  const any = sometimesBad(
    of.any.map((value) => ({ value })),
    size,
    written,
  )
  return {
    any: () => any,
    fields: () => [property('the number', 'value', of)],
    pointsTo: { what: 'the number', size, ...(written && { isWritten: true }) },
    parse(text) {
      const parts = split(text)
      const at = parseBadPointer(parts[0] ?? '')
      const [value, ...more] = at === undefined ? parts : parts.slice(1)
      if (more.length > 0) throw new UserError(`one value is pointed to, so that ${quoted(more[0]!)} has no place`)
      return { value: value === undefined ? 0 : of.parse(value), ...(at !== undefined && { at }) }
    },
    print: ({ value, at }) => (at === undefined ? of.print(value) : `${printBadPointer(at)}, ${of.print(value)}`),
    pack: ({ value, at }) => ({ before: writeOp(at, bytes(value, size)), arg: address(at), after: '' }),
  }
}
