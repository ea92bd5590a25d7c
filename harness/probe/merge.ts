/** The registers of many feature sets as one ordered list, each row with the one feature it depends on. */
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

const has = ({ names }: FeatureSet, feature: string) => names.includes(feature)
const outcome = (set: FeatureSet, id: bigint): string =>
  set.values.has(id) ? String(set.values.get(id)) : 'absent'

/** The rows of one register: one, or two that exclude each other. Throws a Complaint where that does not say it. */
const rowsOf = (sets: readonly FeatureSet[], id: bigint, all: readonly string[]): Draft[] => {
  const row = (set: FeatureSet, condition?: string): Draft[] => {
    if (!set.values.has(id)) return []
    const reset = set.values.get(id)
    return [{ id, ...(reset !== undefined && { reset }), ...(condition !== undefined && { with: condition }), set }]
  }
  const isSame = (some: readonly FeatureSet[]) => some.every((set) => outcome(set, id) === outcome(some[0]!, id))
  if (isSame(sets)) return row(sets[0]!)
  for (const feature of all) {
    const without = sets.filter((set) => !has(set, feature))
    const having = sets.filter((set) => has(set, feature))
    if (isSame(without) && isSame(having)) return [...row(without[0]!, `!${feature}`), ...row(having[0]!, feature)]
  }
  throw new Complaint(`the target cannot be recorded: ${regName(id)} depends on more than one feature`)
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
