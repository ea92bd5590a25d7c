/** How a register takes a write, field by field: every value of every field, and several fields at once. */
import { sizeOf } from '../abi/registers/table.ts'
import { FIELD_BITS, FIELD_MASK, fieldOf, printFields, withField } from '../model/field-values.ts'
import type { Write } from '../model/host.ts'
import type { Tried } from './tries.ts'

const FIELD_VALUES = Array.from({ length: 1 << FIELD_BITS }, (_, value) => value)

/** Lowest bits of the fields of a register. */
const fieldsOf = (id: bigint): number[] =>
  Array.from({ length: (sizeOf(id) * 8) / FIELD_BITS }, (_, i) => i * FIELD_BITS)

/** `reset` with every other value of one field, and of the next, and so on. */
export const oneFieldAtATime = (id: bigint, reset: bigint): bigint[] =>
  fieldsOf(id).flatMap((at) =>
    FIELD_VALUES.filter((value) => value !== fieldOf(reset, at)).map((value) => withField(reset, at, value)),
  )

/** By the lowest bit of the field: each value that it takes, and what it reads as afterwards. */
type Taken = Map<number, Map<number, number>>

/** A write of several fields, whether it ought to be taken, and what the register ought to read then. */
export interface Joint {
  value: bigint
  accepted: boolean
  then: bigint
}

/**
 * Several fields at once: so many writes of values that each field takes, and as many with one that its field does not.
 */
const JOINTS = 30

/**
 * Numbers that look random, and are the same each time, so that a host is recorded alike each time: Knuth's linear
 * congruential generator, begun with the register's id.
 */
const numbersFor = (id: bigint): ((below: number) => number) => {
  let state = id
  return (below) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return Number((state >> 33n) % BigInt(below))
  }
}

/** Every field at its lowest and at its highest value, and writes that look random. */
export const severalFields = (id: bigint, reset: bigint, taken: Taken): Joint[] => {
  const next = numbersFor(id)
  const written = (choose: (values: readonly number[]) => number): Joint => {
    const joint: Joint = { value: reset, accepted: true, then: reset }
    for (const [at, values] of taken) {
      const value = choose([...values.keys()])
      joint.value = withField(joint.value, at, value)
      joint.then = withField(joint.then, at, values.get(value)!)
    }
    return joint
  }
  const random = () => written((values) => values[next(values.length)]!)
  const refused = fieldsOf(id).flatMap((at) =>
    FIELD_VALUES.filter((value) => value !== fieldOf(reset, at) && !taken.get(at)?.has(value)).map(
      (value): [number, number] => [at, value],
    ),
  )
  return [
    written((values) => Math.min(...values)),
    written((values) => Math.max(...values)),
    ...Array.from({ length: JOINTS }, random),
    ...(refused.length === 0 ? [] : Array.from({ length: JOINTS }, () => refused[next(refused.length)]!)).map(
      ([at, value]): Joint => ({ value: withField(random().value, at, value), accepted: false, then: reset }),
    ),
  ]
}

/** Which values each field takes when it is written alone; and whether one write changed another field, too. */
export const takenAlone = (id: bigint, reset: bigint, tried: readonly Tried[]): { taken: Taken; isJoint: boolean } => {
  const taken: Taken = new Map()
  let isJoint = false
  for (const { value, then } of tried.filter(({ accepted }) => accepted)) {
    const at = fieldsOf(id).find((bit) => fieldOf(value, bit) !== fieldOf(reset, bit))!
    const own = fieldOf(reset, at)
    if (!taken.has(at)) taken.set(at, new Map([[own, own]]))
    taken.get(at)!.set(fieldOf(value, at), fieldOf(then, at))
    isJoint ||= ((then ^ reset) & ~(FIELD_MASK << BigInt(at))) !== 0n
  }
  return { taken, isJoint }
}

/** True where several fields were not taken as each of them is alone. */
export const isOtherwise = (joints: readonly Joint[], tried: readonly Tried[]): boolean =>
  joints.some(({ accepted, then }, i) => tried[i]!.accepted !== accepted || (accepted && tried[i]!.then !== then))

/** As a host profile has it. */
export const writeOf = (taken: Taken, isJoint: boolean): Write =>
  taken.size === 0 ? 'same' : { fields: printFields(taken), ...(isJoint && { isJoint }) }
