/** A field of a struct that is the number of a descriptor: the name of what has that number, or a number. */
import fc from 'fast-check'
import type { Codec } from './codec.ts'
import { dataAt, type BadPointer } from './pointer.ts'
import { bytes, printNumber, readNumber, type Range, type Scalar } from './scalar.ts'

/** What has a name has no number before the call is made. */
export type DescriptorNumber = number | string

/** As many eventfds as an agent has in a list. */
const EVENTFDS = 8
const eventfds: readonly string[] = Array.from({ length: EVENTFDS }, (_, n) => `eventfd${n}`)
const ITSELF = 'itself'

/** The bytes of a field that may be such a number; an op puts there the number of what has a name. */
export const fieldBytes = (value: number | bigint | string, size: number): string =>
  bytes(typeof value === 'string' ? 0 : value, size)

/** No process can have so many descriptors: the kernel's own limit for all of them. */
const MOST_DESCRIPTORS = 1 << 20

/**
 * What a process has at that number: an eventfd, another file, or nothing. Small numbers are unknown, as the notation
 * cannot say which descriptors there are.
 */
export const isEventfd = (value: DescriptorNumber): boolean => typeof value === 'string' && eventfds.includes(value)
export const isOtherFile = (value: DescriptorNumber): boolean => value === ITSELF
export const isNoDescriptor = (value: DescriptorNumber): boolean =>
  typeof value === 'number' && (value < 0 || value >= MOST_DESCRIPTORS)
export const isUnknownDescriptor = (value: DescriptorNumber): boolean =>
  typeof value === 'number' && value >= 0 && value < MOST_DESCRIPTORS

/**
 * `eventfd0` to `eventfd7`, which are made where they are first said; `itself`, the descriptor of the call; or a
 * number.
 */
export const eventfdNumber = (what: string, range: Range): Scalar<DescriptorNumber> => {
  const names = [...eventfds, ITSELF]
  return {
    range,
    parse: (text) =>
      names.includes(text) ? text : Number(readNumber(text, what, range, 'eventfd0 to eventfd7, itself, or ', names)),
    print: (value) => (typeof value === 'string' ? value : printNumber(value)),
    any: fc.oneof(
      { arbitrary: fc.constantFrom(0, 0, 0, 1, 1, 2, EVENTFDS - 1).map((n) => eventfds[n]!), weight: 12 },
      { arbitrary: fc.constant(ITSELF), weight: 1 },
      { arbitrary: fc.constantFrom(Number(range.min), Number(range.max), MOST_DESCRIPTORS), weight: 2 },
    ),
  }
}

/** The op that puts the number of what is called so at an address of the agent's data; `slot`: the call's descriptor. */
const opOf = (name: string, at: string, slot: string): string => {
  const eventfd = eventfds.indexOf(name)
  return eventfd >= 0 ? `e,${at},${eventfd} ` : `d,${at},${name === ITSELF ? slot : `&${name}`} `
}

/** The ops that put the numbers of descriptors into a struct; `fields`: where each of them is. */
const opsOf = <Arg extends { at?: BadPointer }>(
  arg: Arg,
  slot: string,
  fields: readonly (readonly [keyof Arg & string, number])[],
): string => {
  const room = typeof arg.at === 'number' ? arg.at : Infinity
  return fields
    .map(([key, offset]) => {
      const value = arg[key] as DescriptorNumber
      const from = offset + 4 > room ? undefined : dataAt(arg.at)
      if (typeof value === 'number' || from === undefined) return ''
      return opOf(value, `d:${(parseInt(from.slice(2), 16) + offset).toString(16)}`, slot)
    })
    .join('')
}

/** The codec of a struct in which some fields, each at its offset, are numbers of descriptors. */
export const withDescriptors = <Arg extends { at?: BadPointer }>(
  whole: Codec<Arg>,
  fields: readonly (readonly [keyof Arg & string, number])[],
): Codec<Arg> => ({
  ...whole,
  pack(arg, slot, host) {
    const packed = whole.pack(arg, slot, host)
    return { ...packed, before: packed.before + opsOf(arg, slot, fields) }
  },
})
