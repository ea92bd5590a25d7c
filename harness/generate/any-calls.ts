/** Calls in any order, legal or not: the illegal ones are the point. */
import fc from 'fast-check'
import { sortOf, type Call } from '../model/call.ts'
import { beginnings, canBegin, type Beginning } from './beginnings.ts'
import { biases, type Bias } from './biases.ts'
import { drawCall, type DrawnCall } from './draw.ts'
import { Picker, weighed } from './pick.ts'
import { callsIn, afterCall, initialState } from './state.ts'
import { dialectOf, ioctlsOf } from '../dialects/index.ts'
import { abi } from '../abi/index.ts'
import type { Host } from '../model/host.ts'
import type { Ioctl } from '../model/rule.ts'
import { withCreations } from '../table/creations.ts'
import { parse, print } from '../table/notation.ts'

export { biases, type Bias } from './biases.ts'

/** What sequences are for: the host, where it is known what can be there; and which biases may be taken. */
export interface Aim {
  host?: Host
  biases?: readonly Bias[]
}

/** So many times in a hundred the lines of a bias come instead of a single call. */
const BIASED = 25
/** Once in so many sequences the beginning may be one that the host refuses. */
const IN_VAIN = 50
/**
 * Once in so many sequences a dialect's begins as one that it proposes, since only those reach far into what is new.
 */
const PROPOSED = 2

/** The sequences that the host's dialect proposes, as calls; none of what shipped. */
const proposedTo = (host: Host | undefined): (readonly Call[])[] => {
  const { name = '', sequences = [] } = (host && dialectOf(host)) ?? {}
  const ioctls = host ? ioctlsOf(host) : abi
  return sequences.map(({ text }) =>
    withCreations(parse(text, name, ioctls), undefined, ioctls).map(({ call }) => call),
  )
}

const begin = (some: readonly Beginning[], ioctls: readonly Ioctl[]): (readonly Call[])[] =>
  weighed(
    some.flatMap(({ text, weight }) => {
      const thing = callsIn(text, ioctls)
      return thing ? { thing, weight } : []
    }),
  )

/**
 * An arbitrary of its own because what is drawn depends on what the calls before have made, and because a beginning is
 * shrunk away call by call like the rest.
 */
class Sequences extends fc.Arbitrary<readonly Call[]> {
  readonly most: number
  readonly host: Host | undefined
  readonly fitting: readonly (readonly Call[])[]
  readonly all: readonly (readonly Call[])[]
  readonly proposed: readonly (readonly Call[])[]
  readonly biases: readonly Bias[]
  constructor(most: number, aim: Aim) {
    super()
    this.most = most
    this.host = aim.host
    this.biases = weighed((aim.biases ?? biases).map((thing) => ({ thing, weight: thing.weight })))
    const { ioctls } = initialState(aim.host)
    this.all = begin(beginnings, ioctls)
    this.fitting = begin(
      beginnings.filter((beginning) => canBegin(aim.host, beginning)),
      ioctls,
    )
    this.proposed = proposedTo(aim.host)
  }

  #beginning(pick: Picker): readonly Call[] {
    if (this.proposed.length > 0 && pick.once(PROPOSED)) {
      const whole = pick.of(this.proposed)
      return whole.slice(0, 1 + pick.nat(Math.min(whole.length, this.most) - 2))
    }
    return pick.of(pick.once(IN_VAIN) ? this.all : this.fitting)
  }

  generate(random: fc.Random): fc.Value<readonly Call[]> {
    const pick = new Picker(random)
    const state = initialState(this.host)
    const drawn: DrawnCall[] = []
    const add = (one: DrawnCall) => {
      drawn.push(one)
      afterCall(state, one.call)
    }
    for (const call of this.#beginning(pick)) add({ call })
    const length = Math.min(this.most, drawn.length + 1 + pick.nat(this.most - drawn.length - 1))
    while (drawn.length < length) {
      const lines = this.biases.length > 0 && pick.nat(99) < BIASED ? pick.of(this.biases).lines(state, pick) : []
      for (const line of lines) for (const call of callsIn(line, state.ioctls) ?? []) add({ call })
      const one = lines.length > 0 ? undefined : drawCall(state, pick)
      if (one) add(one)
    }
    return valueOf(drawn.slice(0, this.most))
  }

  canShrinkWithoutContext(_value: unknown): _value is readonly Call[] {
    return false
  }

  /** Fewer calls first, the longest parts first and from the end; then simpler arguments. */
  shrink(_calls: readonly Call[], context: unknown): fc.Stream<fc.Value<readonly Call[]>> {
    return shrunkCalls(context)
  }
}

/** What a sequence is shrunk to that `valueOf` made: fewer calls, then simpler arguments. */
export const shrunkCalls = (context: unknown): fc.Stream<fc.Value<readonly Call[]>> =>
  fc.stream(context === undefined ? [][Symbol.iterator]() : simpler(context as readonly DrawnCall[]))

/** A sequence as fast-check has it. */
export const valueOf = (drawn: readonly DrawnCall[]): fc.Value<readonly Call[]> => {
  const calls = drawn.map(({ call }) => call)
  Object.defineProperty(calls, fc.toStringMethod, {
    value: () => print(calls.map((call) => ({ call }))),
    enumerable: false,
  })
  return new fc.Value(calls, drawn)
}

function* simpler(drawn: readonly DrawnCall[]): IterableIterator<fc.Value<readonly Call[]>> {
  for (let size = drawn.length; size >= 1; size = Math.floor(size / 2))
    for (let end = drawn.length; end > 0; end -= size)
      yield valueOf(drawn.toSpliced(Math.max(0, end - size), Math.min(size, end)))
  for (const [i, { call, arg }] of drawn.entries())
    if (arg)
      for (const value of arg.from.shrink(arg.value.value_, arg.value.context))
        yield valueOf(drawn.with(i, { call: { ...call, arg: value.value_ }, arg: { ...arg, value } }))
    else for (const simple of withLess(call)) yield valueOf(drawn.with(i, { call: simple }))
}

/** Bits of a number that are tried one by one: of flags all, of an address too many to be worth it. */
const MOST_BITS = 8

/** Smaller numbers: 0, and the number without one of its bits, where it has few. */
const smaller = (value: bigint): bigint[] => {
  const bits = [...value.toString(2)].flatMap((bit, i, { length }) =>
    bit === '1' ? [1n << BigInt(length - 1 - i)] : [],
  )
  const without = bits.length > 1 && bits.length <= MOST_BITS ? bits.map((bit) => value - bit) : []
  return value > 0n ? [0n, ...without] : []
}

/** The calls of beginnings and biases are written out, so that nothing that drew them can shrink them. */
function* withLess(call: Call): IterableIterator<Call> {
  for (const { range, get, set } of call.ioctl.takes.fields(sortOf(call.on))) {
    const { min, max } = range(call.arg)
    for (const number of smaller(get(call.arg) ?? 0n)) {
      const arg = number >= min && number <= max ? set(call.arg, number) : undefined
      if (arg !== undefined) yield { ...call, arg }
    }
  }
}

/**
 * Sequences of up to `most` calls. Print as traces. `aim`: a known host is asked for what it has; `biases: []` draws
 * without any.
 */
export const anyCalls = (most = 12, aim: Aim = {}): fc.Arbitrary<readonly Call[]> => new Sequences(most, aim)
