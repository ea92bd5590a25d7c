/** The registers of many feature sets as one ordered list, each row with the one or two features it depends on. */
import { holdsWith } from '../abi/registers/table.ts'
import { Complaint } from '../complaint.ts'
import { features, regName, type Feature } from '../names.ts'
import type { FeatureSet } from './feature-sets.ts'

/** A row before it is known how writes are taken; `set`: a feature set that has it so. */
export interface Draft { id: bigint; reset?: bigint; with?: string; set: FeatureSet }

/** All ids, such that every set's list is a part of it. */
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

const outcome = (set: FeatureSet, id: bigint): string =>
  set.values.has(id) ? String(set.values.get(id)) : 'absent'

/** No feature, each of them, each two of them: what a register may depend on, the simplest first. */
const explanations = (all: readonly string[]): string[][] =>
  [[], ...all.map((one) => [one]), ...all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other]))]

/** The feature sets parted by whether they have each of the features, with the condition of each part. */
const partsOf = (sets: readonly FeatureSet[], on: readonly string[]): Map<string, FeatureSet[]> => {
  const parts = new Map<string, FeatureSet[]>()
  for (const set of sets) {
    const condition = on.map((feature) => (set.names.includes(feature) ? feature : `!${feature}`)).join(' & ')
    parts.set(condition, [...parts.get(condition) ?? [], set])
  }
  return parts
}

/** The rows of one register, which exclude each other. Throws a Complaint where two features do not explain it. */
const rowsOf = (sets: readonly FeatureSet[], id: bigint, all: readonly string[]): Draft[] => {
  for (const on of explanations(all)) {
    const parts = [...partsOf(sets, on)]
    if (!parts.every(([, some]) => some.every((set) => outcome(set, id) === outcome(some[0]!, id)))) continue
    return parts.filter(([, [set]]) => set!.values.has(id)).map(([condition, [set]]) => {
      const reset = set!.values.get(id)
      return { id, ...(reset !== undefined && { reset }), ...(condition !== '' && { with: condition }), set: set! }
    })
  }
  throw new Complaint(`the target cannot be recorded: ${regName(id)} depends on more than two features`)
}

/** Merges; checks that the list and the values of every set come out of it again. */
export const merge = (sets: readonly FeatureSet[]): Draft[] => {
  const all = [...new Set(sets.flatMap(({ names }) => names))]
  const rows = orderOf(sets).flatMap((id) => rowsOf(sets, id, all))
  for (const set of sets) {
    const bits = set.names.reduce((sum, name) => sum | (1 << features[name as Feature]), 0)
    const mine = rows.filter((row) => holdsWith(row.with, bits))
    if (mine.length !== set.ids.length || mine.some(({ id, reset }, i) => id !== set.ids[i] || reset !== set.values.get(id)))
      throw new Complaint(`the target cannot be recorded: the registers of vcpus with ${set.names.join(', ') || 'no feature'} fit no common order`)
  }
  return rows
}
