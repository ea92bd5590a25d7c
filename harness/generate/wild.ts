/** One number of an argument drawn from all that its field can hold, however unlikely that anybody would write it. */
import fc from 'fast-check'
import type { Sort } from '../model/codec.ts'
import type { NumberField } from '../model/number-field.ts'
import type { Ioctl } from '../model/rule.ts'
import type { Picker } from './pick.ts'

/** A field of what an ioctl takes when it is called on this sort of descriptor. */
export interface Wild {
  ioctl: Ioctl
  sort: Sort
  field: NumberField<unknown>
}

/** How many numbers without a name are wanted of a field: its ends, and some from every part between. */
const UNNAMED = 12

/**
 * Each field of these ioctls, on each sort of descriptor that `sortsOf` gives; one with many names stands there several
 * times, so that each name is as likely as that of another field.
 */
export const wildsOf = (ioctls: readonly Ioctl[], sortsOf: (ioctl: Ioctl) => readonly Sort[]): readonly Wild[] =>
  ioctls.flatMap((ioctl) =>
    sortsOf(ioctl).flatMap((sort) => {
      const [arg] = fc.sample<unknown>(ioctl.takes.any(sort), { numRuns: 1, seed: 0 })
      return ioctl.takes.fields(sort).flatMap((field: NumberField<unknown>) => {
        const times = 1 + Math.floor(field.named(arg).length / UNNAMED)
        return Array<Wild>(times).fill({ ioctl, sort, field })
      })
    }),
  )

/** A number of so many random bits. */
const bits = (pick: Picker, count: number): bigint => {
  let value = 0n
  for (let left = count; left > 0; left -= 16) value = (value << 16n) | BigInt(pick.nat((1 << Math.min(left, 16)) - 1))
  return value
}

/** A few names are drawn as often as so many. */
const FEW = 4
/** How far from a number that is usual there its neighbours may be. */
const NEAR = 8

/** The same argument with another number in that field; undefined where it has no such field, or cannot hold it. */
const withOther = (arg: unknown, field: NumberField<unknown>, pick: Picker): unknown => {
  const value = field.get(arg)
  if (value === undefined) return undefined
  const { min, max } = field.range(arg)
  const size = max - min
  const named = field.named(arg)
  const width = size.toString(2).length
  const draw = (): bigint => {
    if (named.length > 0 && pick.nat(named.length + UNNAMED) < Math.max(named.length, FEW)) return pick.of(named)
    switch (pick.nat(4)) {
      case 0:
        return pick.of([min, max, min, max, min + 1n, max - 1n])
      case 1:
        return min + bits(pick, pick.nat(width))
      case 2:
        return value + BigInt(pick.nat(2 * NEAR) - NEAR)
      default:
        // Evenly over the whole range: with 16 bits to spare the remainder favours no number by more than a thousandth.
        return min + (bits(pick, width + 16) % (size + 1n))
    }
  }
  const other = draw()
  return other < min || other > max ? undefined : field.set(arg, other)
}

/** Once in so many calls other numbers of the argument are wild as well, each as likely as not. */
const SEVERAL = 2

/** The same argument with any number in that field; undefined where it has no such field, or cannot hold it. */
export const withWild = (arg: unknown, { ioctl, sort, field }: Wild, pick: Picker): unknown => {
  const other = withOther(arg, field, pick)
  if (other === undefined || !pick.once(SEVERAL)) return other
  const more = ioctl.takes.fields(sort).filter(({ name }) => name !== field.name && pick.once(2))
  return more.reduce((so, another) => withOther(so, another, pick) ?? so, other)
}
