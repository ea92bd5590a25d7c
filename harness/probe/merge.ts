/** The registers of many feature sets as one ordered list, each row with the features it depends on. */
import { holdsWith } from '../abi/registers/table.ts'
import { featureWord } from '../names/index.ts'
import type { FeatureSet } from './feature-sets.ts'

/** A row, before it is known how the register takes a write; `set`: a feature set in which it holds. */
export interface Draft {
  id: bigint
  reset?: bigint
  with?: string
  set: FeatureSet
}

/** All ids, such that every set's list is a part of it, where there is such an order. */
const orderOf = (sets: readonly FeatureSet[]): bigint[] => {
  const order: bigint[] = []
  const at = new Set<bigint>()
  for (const { ids } of sets) {
    let place = 0
    for (const id of ids) {
      if (at.has(id)) place = order.indexOf(id, place) + 1
      else {
        order.splice(place++, 0, id)
        at.add(id)
      }
    }
  }
  return order
}

/** A value that differs from vcpu to vcpu in one set may be the same by chance in another. */
const steady = (sets: readonly FeatureSet[]): FeatureSet[] => {
  const varying = new Set(
    sets.flatMap(({ values }) => [...values].flatMap(([id, value]) => (value === undefined ? [id] : []))),
  )
  return sets.map((set) => ({
    ...set,
    values: new Map([...set.values].map(([id, value]) => [id, varying.has(id) ? undefined : value])),
  }))
}

const outcome = (set: FeatureSet, id: bigint): string => (set.values.has(id) ? String(set.values.get(id)) : 'absent')

/** No feature, each of them, each two of them, and so on: what a register may depend on, the simplest first. */
const explanations = function* (all: readonly string[], most: number): Generator<string[]> {
  const choose = (from: number, count: number): string[][] =>
    count === 0
      ? [[]]
      : all.slice(from).flatMap((one, i) => choose(from + i + 1, count - 1).map((rest) => [one, ...rest]))
  for (let count = 0; count <= Math.min(most, all.length); count++) yield* choose(0, count)
}

/** The feature sets parted by whether they have each of the features, with the condition of each part. */
const partsOf = (sets: readonly FeatureSet[], on: readonly string[]): Map<string, FeatureSet[]> => {
  const parts = new Map<string, FeatureSet[]>()
  for (const set of sets) {
    const condition = on.map((feature) => (set.names.includes(feature) ? feature : `!${feature}`)).join(' & ')
    parts.set(condition, [...(parts.get(condition) ?? []), set])
  }
  return parts
}

/** The rows of one register, which exclude each other; undefined where `most` features do not explain it. */
const rowsOf = (sets: readonly FeatureSet[], id: bigint, all: readonly string[], most: number): Draft[] | undefined => {
  for (const on of explanations(all, most)) {
    const parts = [...partsOf(sets, on)]
    if (!parts.every(([, some]) => some.every((set) => outcome(set, id) === outcome(some[0]!, id)))) continue
    return parts
      .filter(([, [set]]) => set!.values.has(id))
      .map(([condition, [set]]) => {
        const reset = set!.values.get(id)
        return { id, ...(reset !== undefined && { reset }), ...(condition !== '' && { with: condition }), set: set! }
      })
  }
  return undefined
}

/** Whether every set's list comes out of the rows again in its order. */
const isInOrder = (rows: readonly Draft[], sets: readonly FeatureSet[]): boolean =>
  sets.every((set) => {
    const mine = rows.filter((row) => holdsWith(row.with, featureWord(set.names)))
    return mine.length === set.ids.length && mine.every(({ id }, i) => id === set.ids[i])
  })

/**
 * Merges. `most`: how many features a register may depend on; undefined where that does not explain them all.
 * `isOrdered` is false where the lists contradict each other in order, or hold a register twice.
 */
export const merge = (
  sets: readonly FeatureSet[],
  most = Infinity,
): { rows: Draft[]; isOrdered: boolean } | undefined => {
  const all = [...new Set(sets.flatMap(({ names }) => names))]
  const known = steady(sets)
  const rows: Draft[] = []
  for (const id of orderOf(known)) {
    const some = rowsOf(known, id, all, most)
    if (!some) return undefined
    rows.push(...some)
  }
  return { rows, isOrdered: isInOrder(rows, known) }
}
