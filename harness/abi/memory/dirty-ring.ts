/** Rings of dirty pages: what KVM puts into them, and what it takes back once userspace has read it. */
import type { DirtyRing } from '../../model/vcpu.ts'
import type { Here, World } from '../../model/world.ts'
import type { Memslot, Vm } from '../../model/vm.ts'
import { dirtyLog, memFlags, structs } from '../../names/index.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { ENTRY_SIZE } from '../args/dirty-gfn.ts'
import { readAt, writeAt } from '../ram/shared-page.ts'
import { slotAt, slotOf } from '../ram/slots.ts'
import type { Store } from './store.ts'

const { flags: FLAGS, slot: SLOT, offset: OFFSET } = structs.kvm_dirty_gfn.fields
const { KVM_DIRTY_GFN_F_DIRTY: DIRTY, KVM_DIRTY_GFN_F_RESET: RESET } = dirtyLog

/** Entries that a ring keeps free, for pages that the kernel itself dirties before it can leave the guest. */
const RESERVED = 64

/** That of a new vcpu, where its VM has rings of so many bytes. */
export const newRing = (bytes: number): DirtyRing => ({
  size: bytes / ENTRY_SIZE,
  dirty: 0,
  reset: 0,
  page: { bytes: new Map() },
})

const used = ({ dirty, reset }: DirtyRing): number => (dirty - reset) >>> 0
const isNearlyFull = (ring: DirtyRing, more = 0): boolean => used(ring) + more >= ring.size - RESERVED

/** KVM_RUN comes back at once, until there is room. */
export const isFull = ({ vcpu: { ring } }: Here): boolean => ring?.isFullDue === true && isNearlyFull(ring)

/** A page that KVM is to put into a ring. */
export interface DirtyPage {
  slot: number
  page: bigint
}

/**
 * The page that a store of the guest makes dirty, besides those that it has made so since it was entered; `isLast`: the
 * guest leaves before it stores, since the ring is nearly full then. Unknown where nobody knows whether KVM has put it
 * into a ring before. undefined: no ring gets it.
 */
export const dirtied = (
  { vm, vcpu }: Here,
  { address }: Store,
  before: readonly DirtyPage[],
): (DirtyPage & { isLast: boolean }) | 'unknown' | undefined => {
  const slot = slotAt(vm, address)
  if (!vcpu.ring || !slot || (slot.flags & memFlags.KVM_MEM_LOG_DIRTY_PAGES) === 0) return undefined
  if (vcpu.ring.isUnknown || slot.written === 'unknown') return 'unknown'
  const page = (address - slot.gpa) / PAGE
  if (slot.written?.has(page) || before.some((one) => one.slot === slot.id && one.page === page)) return undefined
  return { slot: slot.id, page, isLast: isNearlyFull(vcpu.ring, before.length + 1) }
}

/** Puts a page into the ring of the vcpu. */
export const push = (here: Here, { slot: id, page }: DirtyPage): void => {
  const { ring } = here.vcpu
  const slot = slotOf(here, id)
  if (!ring || !slot || slot.written === 'unknown') return
  const at = (ring.dirty % ring.size) * ENTRY_SIZE
  writeAt(ring.page, at + SLOT[0], SLOT[1], BigInt(id))
  writeAt(ring.page, at + OFFSET[0], OFFSET[1], page)
  writeAt(ring.page, at + FLAGS[0], FLAGS[1], BigInt(DIRTY))
  ring.dirty = (ring.dirty + 1) >>> 0
  slot.written = new Set([...(slot.written ?? []), page])
  if (isNearlyFull(ring)) ring.isFullDue = true
}

/** How many entries in a row, from where KVM stopped the last time, userspace has marked; undefined: nobody knows. */
const marked = ({ size, reset, page, isUnknown }: DirtyRing): number | undefined => {
  if (isUnknown) return undefined
  for (let n = 0; n < size; n++) {
    const flags = readAt(page, ((reset + n) % size) * ENTRY_SIZE + FLAGS[0], FLAGS[1])
    if (flags === undefined) return undefined
    if ((flags & BigInt(RESET)) === 0n) return n
  }
  return size
}

/** How many entries of all rings KVM_RESET_DIRTY_RINGS takes back. */
export const markedIn = ({ vcpus }: Vm): number | undefined =>
  vcpus.reduce<number | undefined>((sum, { ring }) => {
    const n = ring ? marked(ring) : 0
    return sum === undefined || n === undefined ? undefined : sum + n
  }, 0)

/** Takes them back, and watches their pages again. Of entries that KVM has not filled nobody has looked what comes. */
export const resetRings = ({ vm, ...here }: Here): void => {
  for (const { ring } of vm.vcpus) {
    const n = ring ? marked(ring) : 0
    if (!ring || n === undefined) continue
    if (n > used(ring)) ring.isUnknown = ring.isOverdrawn = true
    for (let i = 0; i < n; i++) {
      const at = (ring.reset % ring.size) * ENTRY_SIZE
      const slot = slotOf({ ...here, vm }, Number(readAt(ring.page, at + SLOT[0], SLOT[1])))
      const page = readAt(ring.page, at + OFFSET[0], OFFSET[1])
      if (slot?.written && slot.written !== 'unknown')
        slot.written = new Set([...slot.written].filter((one) => one !== page))
      writeAt(ring.page, at + FLAGS[0], FLAGS[1], 0n)
      ring.reset = (ring.reset + 1) >>> 0
    }
  }
}

const INITIALLY_SET = 2n

/** Pages stored to of a slot that comes in the place of `old`. */
export const writtenOf = (vm: Vm, slot: Memslot, old: Memslot | undefined): Memslot['written'] => {
  if (old?.gpa !== slot.gpa) return undefined
  if (old.flags === slot.flags) return old.written
  // Then KVM does not begin to watch pages that the guest can store to already.
  return ((vm.manualLog ?? 0n) & INITIALLY_SET) === 0n ? undefined : 'unknown'
}

/** The guest has to fetch its memory anew, of which KVM then hears as if it stored for the first time. */
export const loseWritten = ({ memslots }: Vm): void => {
  for (const slot of memslots) slot.written = 'unknown'
}

/** A guest has stored where nobody knows. */
export const loseRings = (vm: Vm): void => {
  for (const { ring } of vm.vcpus) if (ring) ring.isUnknown = true
  loseWritten(vm)
}

/**
 * A process that forks has its memory watched by the kernel, and KVM takes it from its guests until they ask for it.
 */
export const afterFork = ({ descriptors }: World): void => {
  for (const { vm } of descriptors.values()) if (vm) loseWritten(vm)
}
