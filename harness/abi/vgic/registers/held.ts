/** What the registers of an interrupt controller hold, as far as it is known. */
import type { Held } from '../../../model/vgic.ts'

/** Whose it is: of the vcpu with that id, or shared by all of them. */
export type Bank = number | 'shared'

const keyOf = (name: string, bank: Bank, index: number) => `${name} ${bank} ${index}`
const allOf = (name: string, bank: Bank) => `${name} ${bank}`
const EVERYTHING = ''

/**
 * What number `index` of the registers `name` in that bank holds; `first`: at first. Undefined: nobody knows.
 */
export const held = (all: Held, name: string, bank: Bank, index: number, first: bigint): bigint | undefined => {
  const key = keyOf(name, bank, index)
  if (all.has(key)) return all.get(key)
  return all.has(allOf(name, bank)) || all.has(EVERYTHING) ? undefined : first
}

/** From now on it holds `value`; undefined: nobody knows what. */
export const hold = (all: Held, name: string, bank: Bank, index: number, value: bigint | undefined): void => {
  all.set(keyOf(name, bank, index), value)
}

/** Nobody knows what any register holds. */
export const loseAll = (all: Held): void => {
  all.clear()
  all.set(EVERYTHING, undefined)
}

/** Nobody knows what any register `name` of that bank holds. */
export const lose = (all: Held, name: string, bank: Bank): void => {
  for (const key of all.keys()) if (key.startsWith(`${allOf(name, bank)} `)) all.delete(key)
  all.set(allOf(name, bank), undefined)
}
