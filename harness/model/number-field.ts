/** The numbers that an argument holds, each by itself: what goes over all fields of all arguments needs no more. */
import type { Range, Scalar } from './scalar.ts'

export interface NumberField<Arg> {
  /** As the notation names it. */
  name: string
  /** The numbers that it can hold in this argument. */
  range(arg: Arg): Range
  /** Those that have a name in the ABI, in this argument. */
  named(arg: Arg): readonly bigint[]
  /** undefined: this argument has no such field. */
  get(arg: Arg): bigint | undefined
  /** The same argument with another number there; undefined where the notation has no such argument. */
  set(arg: Arg, value: bigint): Arg | undefined
}

/** The field that `of` reads and writes, wherever the argument keeps it. One that has a name for its number has none. */
export const numberField = <Arg, T extends number | bigint | string>(
  name: string,
  of: Scalar<T>,
  get: (arg: Arg) => T | undefined,
  set: (arg: Arg, value: T) => Arg | undefined,
): NumberField<Arg> => ({
  name,
  range: () => of.range,
  named: () => of.named ?? [],
  get(arg) {
    const value = get(arg)
    return value === undefined || typeof value === 'string' ? undefined : BigInt(value)
  },
  set: (arg, value) => set(arg, of.parse(String(value))),
})

/** The one that is the property `key` of the argument. */
export const property = <Key extends string, T extends number | bigint | string, Arg extends { [K in Key]?: T }>(
  name: string,
  key: Key,
  of: Scalar<T>,
): NumberField<Arg> =>
  numberField<Arg, T>(
    name,
    of,
    ({ [key]: value }) => value,
    (arg, value) => ({ ...arg, [key]: value }),
  )

/** That of an argument which is a number itself. */
export const wholeArgument = <T extends number | bigint>(of: Scalar<T>): NumberField<T> =>
  numberField<T, T>(
    'the argument',
    of,
    (arg) => arg,
    (_, value) => value,
  )
