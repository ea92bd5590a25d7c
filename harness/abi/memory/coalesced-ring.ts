/** The ring in which stores of the guest are collected for userspace, which moves `first` behind what it has read. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { ENTRIES, placeOf, type RingAccess } from '../args/coalesced-mmio-ring.ts'
import { readAt, writeAt } from '../ram/shared-page.ts'
import type { Store } from './store.ts'

const get = ({ vm }: Here, access: RingAccess): bigint | undefined => readAt(vm.coalescedRing, ...placeOf(access))
const set = ({ vm }: Here, access: RingAccess, value: bigint | undefined): void =>
  writeAt(vm.coalescedRing, ...placeOf(access), value)

/**
 * Older kernels count the room in 32 bits, of which the ring is no divisor: a full ring may have room, and another
 * none.
 */
const countsWrongly: Dated = { until: '6.12' }

/** Whether there is room once so many stores more were collected; undefined: nobody knows what is in the ring. */
export const hasRoom = (here: Here, more: number): boolean | undefined => {
  const first = get(here, { field: 'first' })
  const last = get(here, { field: 'last' })
  if (first === undefined || last === undefined) return undefined
  if (last >= ENTRIES) return false
  const at = (Number(last) + more) % ENTRIES
  return holdsIn(here.world.release, countsWrongly)
    ? BigInt.asUintN(32, first - BigInt(at) - 1n) % BigInt(ENTRIES) !== 0n
    : BigInt((at + 1) % ENTRIES) !== first
}

/** Puts a store into it. */
export const collect = (here: Here, { address, size }: Store, value: bigint | undefined): void => {
  const last = get(here, { field: 'last' })
  if (last === undefined || last >= ENTRIES) return
  const index = Number(last)
  set(here, { index, field: 'phys_addr' }, address)
  set(here, { index, field: 'len' }, BigInt(size))
  set(here, { index, field: 'pio' }, 0n)
  writeAt(here.vm.coalescedRing, placeOf({ index, field: 'data' })[0], size, value)
  set(here, { field: 'last' }, BigInt((index + 1) % ENTRIES))
}
