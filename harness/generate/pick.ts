/** Choices of a generator, from one stream of random numbers. */
import type fc from 'fast-check'

export class Picker {
  readonly random: fc.Random
  constructor(random: fc.Random) {
    this.random = random
  }
  /** A whole number from 0 to `most`. */
  nat(most: number): number {
    return most <= 0 ? 0 : this.random.nextInt(0, most)
  }
  /** True once in `times`. */
  once(times: number): boolean {
    return this.nat(times - 1) === 0
  }
  /** One of several; not of none. */
  of<T>(from: readonly T[]): T {
    return from[this.nat(from.length - 1)]!
  }
}

/** Things by weight: spread over a list, from which any one is as likely as any other. */
export const weighed = <T>(things: readonly { weight: number; thing: T }[]): T[] =>
  things.flatMap(({ weight, thing }) => Array<T>(weight).fill(thing))
