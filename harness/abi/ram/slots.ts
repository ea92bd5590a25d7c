/** The memory slots of a VM, and the log of their dirty pages. */
import type { Here } from '../../model/world.ts'
import type { Memslot, Vm } from '../../model/vm.ts'
import { memFlags } from '../../names/index.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { SHOWN_PAGES } from '../args/dirty-log.ts'

/** The slot of that number; undefined: there is none. */
export const slotOf = ({ vm }: Here, id: number): Memslot | undefined => vm.memslots.find((s) => s.id === id)

/** The slot that has this address of guest physical memory; undefined: none has. */
export const slotAt = ({ memslots }: Vm, address: bigint): Memslot | undefined =>
  memslots.find(({ gpa, size }) => gpa <= address && address < gpa + size)

/** Pages of a slot; none where there is no slot. */
export const pagesOf = (slot: Memslot | undefined): bigint => (slot?.size ?? 0n) / PAGE

/** Dirty pages go into bitmaps: into those alone, or, where a ring was told to have them, besides. */
export const usesBitmaps = ({ dirtyRing, hasRingWithBitmap }: Vm): boolean =>
  dirtyRing === undefined || hasRingWithBitmap === true

const INITIALLY_SET = 2n

/** All pages of a slot that the table keeps the log of. */
const allDirty = (slot: Memslot): bigint => {
  const pages = pagesOf(slot)
  return (1n << (pages < SHOWN_PAGES ? pages : BigInt(SHOWN_PAGES))) - 1n
}

/**
 * The log of a slot that comes in the place of `old`: it stays while it is asked for, and begins as the VM was told.
 */
export const logOf = (vm: Vm, slot: Memslot, old: Memslot | undefined): bigint | undefined => {
  if ((slot.flags & memFlags.KVM_MEM_LOG_DIRTY_PAGES) === 0) return undefined
  if (old?.log !== undefined) return old.log
  if (!usesBitmaps(vm)) return undefined
  return ((vm.manualLog ?? 0n) & INITIALLY_SET) === 0n ? 0n : allDirty(slot)
}

/** Something was written at the address: its page is dirty where there is a log, unless a ring has it. */
export const makeDirty = (vm: Vm, address: bigint): void => {
  if (vm.dirtyRing === undefined) noteInLog(vm, address)
}

/** The kernel has written there while no vcpu ran, whose ring could have the page. */
export const noteInLog = (vm: Vm, address: bigint): void => {
  const slot = slotAt(vm, address)
  if (slot?.log === undefined) return
  const page = (address - slot.gpa) / PAGE
  if (page < SHOWN_PAGES) slot.log |= 1n << page
}
