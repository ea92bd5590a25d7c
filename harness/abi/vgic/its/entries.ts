/** Where the tables of an ITS have their entries, and what is in those that KVM saves (devices/arm-vgic-its.rst). */
import type { Its } from '../../../model/vgic.ts'
import type { Vm } from '../../../model/vm.ts'
import { slotAt } from '../../ram/slots.ts'
import { held } from '../registers/held.ts'
import { load, type InIts } from './translation.ts'

/** Bytes of an entry, and of the pages that tables are made of. */
export const ENTRY = 8
const PAGE = 0x1_0000
const VALID = 1n << 63n
const INDIRECT = 1n << 62n
const PAGES = 0xffn
/** Devices, events and collections have numbers of so many bits. */
export const ID_BITS = 16

export interface Table {
  base: bigint
  size: number
  isIndirect: boolean
}
const table = ({ held: all }: Its, index: number): Table | undefined => {
  const value = held(all, 'GITS_BASER', 'shared', index, 0n) ?? 0n
  if ((value & VALID) === 0n) return undefined
  const base = (value & 0xffff_ffff_0000n) | (((value >> 12n) & 0xfn) << 48n)
  return { base, size: Number((value & PAGES) + 1n) * PAGE, isIndirect: (value & INDIRECT) !== 0n }
}
/** undefined: GITS_BASER says that there is none. */
export const deviceTable = (its: Its): Table | undefined => table(its, 0)
export const collectionTable = (its: Its): Table | undefined => table(its, 1)

/** The guest has memory there. */
export const isVisible = (vm: Vm, address: bigint): boolean => slotAt(vm, address) !== undefined

/** What an entry of the first of two levels says: where the page of the second is. */
export const secondLevel = (entry: bigint): bigint | undefined =>
  (entry & VALID) === 0n ? undefined : entry & 0xf_ffff_ffff_0000n

/** Where the table has the entry of that number; undefined: it has none, or there is no memory. */
export const entryOf = (at: InIts, of: Table | undefined, id: number): bigint | undefined => {
  if (!of || id >= 2 ** ID_BITS) return undefined
  const visible = (address: bigint) => (isVisible(at.vm, address) ? address : undefined)
  if (!of.isIndirect) return id < of.size / ENTRY ? visible(of.base + BigInt(id * ENTRY)) : undefined
  const index = Math.floor(id / (PAGE / ENTRY))
  if (index >= of.size / ENTRY) return undefined
  const first = load(at, of.base + BigInt(index * ENTRY), ENTRY)
  const page = typeof first === 'bigint' ? secondLevel(first) : undefined
  return page === undefined ? undefined : visible(page + BigInt((id % (PAGE / ENTRY)) * ENTRY))
}

const fields = (entry: bigint, at: bigint, bits: bigint): bigint => (entry >> at) & ((1n << bits) - 1n)

/** `next`: how many numbers further the next entry is that is in use; 0: there is none. */
export const deviceEntry = {
  write: (itt: bigint, bits: number, next: number): bigint =>
    VALID | (BigInt(Math.min(next, 0x3fff)) << 49n) | ((itt >> 8n) << 5n) | BigInt(bits - 1),
  read: (entry: bigint) => ({
    isValid: (entry & VALID) !== 0n,
    next: Number(fields(entry, 49n, 14n)),
    itt: fields(entry, 5n, 44n) << 8n,
    bits: Number(fields(entry, 0n, 5n)) + 1,
  }),
}
export const eventEntry = {
  write: (lpi: number, collection: number, next: number): bigint =>
    (BigInt(Math.min(next, 0xffff)) << 48n) | (BigInt(lpi) << 16n) | BigInt(collection),
  read: (entry: bigint) => ({
    next: Number(fields(entry, 48n, 16n)),
    lpi: Number(fields(entry, 16n, 32n)),
    collection: Number(fields(entry, 0n, 16n)),
  }),
}
/** A collection without a vcpu has the number with all bits for one. */
const NOWHERE = 0xffff_ffffn
export const collectionEntry = {
  write: (target: number | undefined, collection: number): bigint =>
    VALID | ((target === undefined ? NOWHERE : BigInt(target)) << 16n) | BigInt(collection),
  read: (entry: bigint) => {
    const target = fields(entry, 16n, 32n)
    return {
      isValid: (entry & VALID) !== 0n,
      target: target === NOWHERE ? undefined : Number(target),
      collection: Number(fields(entry, 0n, 16n)),
    }
  },
}
