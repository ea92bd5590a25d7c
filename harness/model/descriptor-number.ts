/** A field of a struct that is the number of a descriptor: an eventfd by its name, `itself`, or a number. */
import fc from 'fast-check'
import type { Codec } from './codec.ts'
import type { NumberField } from './number-field.ts'
import { dataAt, type BadPointer } from './pointer.ts'
import { printNumber, readNumber, type Range, type Scalar } from './scalar.ts'

/** As many as an agent has in a list. */
const EVENTFDS = 8
/** Numbers that no field can hold stand for what has no number before the call is made. */
const FIRST_EVENTFD = 2 ** 33
const ITSELF = FIRST_EVENTFD + EVENTFDS
const isNamed = (value: number): boolean => value >= FIRST_EVENTFD

/** No process can have so many descriptors: the kernel's own limit for all of them. */
const MOST_DESCRIPTORS = 1 << 20

/**
 * What a process has at that number: an eventfd, another file, or nothing. Small numbers are unknown, as the notation
 * cannot say which descriptors there are.
 */
export const isEventfd = (value: number): boolean => isNamed(value) && value !== ITSELF
export const isOtherFile = (value: number): boolean => value === ITSELF
export const isNoDescriptor = (value: number): boolean => !isNamed(value) && (value < 0 || value >= MOST_DESCRIPTORS)
export const isUnknownDescriptor = (value: number): boolean => value >= 0 && value < MOST_DESCRIPTORS

/**
 * `eventfd0` to `eventfd7`, which are made where they are first said; `itself`, the descriptor of the call; or a
 * number.
 */
export const descriptorNumber = (what: string, range: Range): Scalar<number> => {
  const names = [...Array.from({ length: EVENTFDS }, (_, n) => `eventfd${n}`), 'itself']
  return {
    range,
    parse(text) {
      const named = names.indexOf(text)
      return named >= 0
        ? FIRST_EVENTFD + named
        : Number(readNumber(text, what, range, 'eventfd0 to eventfd7, itself, or ', names))
    },
    print: (value) => names[value - FIRST_EVENTFD] ?? printNumber(value),
    any: fc.oneof(
      { arbitrary: fc.constantFrom(0, 0, 0, 1, 1, 2, EVENTFDS - 1).map((n) => FIRST_EVENTFD + n), weight: 12 },
      { arbitrary: fc.constant(ITSELF), weight: 1 },
      { arbitrary: fc.constantFrom(Number(range.min), Number(range.max), MOST_DESCRIPTORS), weight: 2 },
    ),
  }
}

/** The ops that put the numbers of descriptors into a struct; `fields`: where each of them is. */
const opsOf = <Arg extends { at?: BadPointer }>(
  arg: Arg,
  slot: string,
  fields: readonly (readonly [keyof Arg & string, number])[],
): string => {
  const from = dataAt(arg.at)
  const room = typeof arg.at === 'number' ? arg.at : Infinity
  if (from === undefined) return ''
  return fields
    .flatMap(([key, offset]) => {
      const value = arg[key] as number
      if (!isNamed(value) || offset + 4 > room) return []
      const at = `d:${(parseInt(from.slice(2), 16) + offset).toString(16)}`
      return [value === ITSELF ? `d,${at},${slot} ` : `e,${at},${value - FIRST_EVENTFD} `]
    })
    .join('')
}

/** The codec of a struct in which some fields, each at its offset, are numbers of descriptors. */
export const withDescriptors = <Arg extends { at?: BadPointer }>(
  whole: Codec<Arg>,
  fields: readonly (readonly [keyof Arg & string, number])[],
): Codec<Arg> => ({
  ...whole,
  fields: (sort) =>
    whole.fields(sort).map((field): NumberField<Arg> =>
      fields.some(([key]) => key === field.name)
        ? {
            ...field,
            get(arg) {
              const value = field.get(arg)
              return value !== undefined && isNamed(Number(value)) ? undefined : value
            },
          }
        : field,
    ),
  pack(arg, slot, host) {
    const packed = whole.pack(arg, slot, host)
    return { ...packed, before: packed.before + opsOf(arg, slot, fields) }
  },
})
