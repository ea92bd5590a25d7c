/**
 * KVM_DEV_ARM_ITS_SAVE_TABLES and KVM_DEV_ARM_ITS_RESTORE_TABLES: what an ITS knows goes into guest memory, and back.
 */
import { holdsIn } from '../../../model/release.ts'
import type { ItsDevice } from '../../../model/vgic.ts'
import { untouchedGuest } from '../../ram/ram.ts'
import {
  collectionEntry,
  collectionTable,
  deviceEntry,
  deviceTable,
  ENTRY,
  entryOf,
  eventEntry,
  ID_BITS,
  isVisible,
  secondLevel,
} from './entries.ts'
import { addLpi, FIRST_LPI } from './lpis.ts'
import { forgetOrderOf, load, loadUnordered, loseTranslation, store, type InIts } from './translation.ts'

/** Why it fails; undefined: it does not, or nobody knows. */
export type Fault = 'EFAULT' | 'EINVAL' | 'EEXIST' | undefined

const sorted = <T>(all: ReadonlyMap<number, T>): [number, T][] => [...all].toSorted(([a], [b]) => a - b)
/** How far it is to the next, 0 from the last. */
const distance = (all: readonly (readonly [number, unknown])[], i: number): number =>
  i + 1 < all.length ? all[i + 1]![0] - all[i]![0] : 0

const saveEvents = (at: InIts, { itt, events }: ItsDevice): Fault => {
  const all = sorted(events)
  for (const [i, [id, { lpi, collection }]] of all.entries()) {
    // The event stays when its collection is unmapped, but no entry can say so.
    const entry = collection === undefined ? 0n : eventEntry.write(lpi, collection, distance(all, i))
    const fault = store(at, itt + BigInt(id * ENTRY), ENTRY, entry)
    if (fault) return fault
  }
  return undefined
}

const saveDevices = (at: InIts): Fault => {
  const table = deviceTable(at.its)
  if (!table) return undefined
  const all = sorted(at.its.devices)
  for (const [i, [id, device]] of all.entries()) {
    const entry = entryOf(at, table, id)
    // The guest has lost the memory of its table since.
    if (entry === undefined) return void loseTranslation(at)
    const fault =
      saveEvents(at, device) ?? store(at, entry, ENTRY, deviceEntry.write(device.itt, device.bits, distance(all, i)))
    if (fault) return fault
  }
  return undefined
}

/** One entry after the other, in no order that is promised, and an invalid one where there is room. */
const saveCollections = (at: InIts): Fault => {
  const table = collectionTable(at.its)
  if (!table) return undefined
  const entries = [...at.its.collections].map(([id, { target }]) => collectionEntry.write(target, id))
  if (entries.length * ENTRY < table.size) entries.push(0n)
  for (const [i, entry] of entries.entries()) {
    const fault = store(at, table.base + BigInt(i * ENTRY), ENTRY, entry)
    if (fault) return fault
  }
  forgetOrderOf(at, table.base, ENTRY, at.its.collections.size)
  return undefined
}

export const saveTables = (at: InIts): Fault => saveDevices(at) ?? saveCollections(at)

/** What reading an entry comes to: how many numbers further the next one is, 0 after the last; or why it fails. */
type Read = (entry: bigint, id: number) => number | Fault

/** As many entries as there are numbers of devices, or of events; nobody has looked behind them. */
const MOST_ENTRIES = 0x1_0000

/** Goes through a table; 'on': its last entry was not found. */
const scan = (at: InIts, base: bigint, entries: number, first: number, read: Read, loads = load): Fault | 'on' => {
  for (let i = 0; i < entries;) {
    if (i >= MOST_ENTRIES) return void loseTranslation(at)
    const address = base + BigInt(i * ENTRY)
    const entry = loads(at, address, ENTRY)
    if (entry === undefined || entry === 'EFAULT') return entry
    const next = read(entry, first + i)
    if (next === 0) return undefined
    if (typeof next !== 'number') return next
    // Entries that are zero are all read alike, and tables have thousands of them.
    i += entry === 0n ? Math.max(next, Math.floor(untouchedGuest(at.world, at.vm, address) / ENTRY)) : next
  }
  return 'on'
}

/** What 5.10 did not look at, of which nobody has looked what it made of it. */
const CHECKED = { since: '6.1' }
const bad = (at: InIts): Fault => (holdsIn(at.world.release, CHECKED) ? 'EINVAL' : void loseTranslation(at))

const restoreEvent =
  (at: InIts, device: ItsDevice): Read =>
  (entry, id) => {
    const { next, lpi, collection } = eventEntry.read(entry)
    if (lpi === 0) return 1
    const of = at.its.collections.get(collection)
    if (lpi < FIRST_LPI || id + next >= 2 ** device.bits || !of) return 'EINVAL'
    if (!isVisible(at.vm, device.itt + BigInt(id * ENTRY))) return bad(at)
    const fault = addLpi(at, lpi, of.target)
    if (fault || at.vm.isTranslationLost) return fault
    device.events.set(id, { lpi, collection })
    return next
  }

/** More events than an ITS has ids for; what comes of a device that has them, nobody has looked. */
const HAS_FEW_EVENTS = { since: ['7.1', '6.12.92', '6.1.175'] }

const restoreDevice =
  (at: InIts): Read =>
  (entry, id) => {
    const { isValid, next, itt, bits } = deviceEntry.read(entry)
    if (!isValid) return 1
    if (entryOf(at, deviceTable(at.its), id) === undefined) return bad(at)
    if (bits > ID_BITS) return holdsIn(at.world.release, HAS_FEW_EVENTS) ? 'EINVAL' : void loseTranslation(at)
    // It would be there twice.
    if (at.its.devices.has(id)) return void loseTranslation(at)
    const device: ItsDevice = { itt, bits, events: new Map() }
    at.its.devices.set(id, device)
    const fault = scan(at, itt, 2 ** bits, 0, restoreEvent(at, device))
    if (at.vm.isTranslationLost) return undefined
    return fault === undefined || fault === 'on' ? next : fault
  }

const PAGE_ENTRIES = 0x1_0000 / ENTRY
const restoreDevices = (at: InIts): Fault => {
  const table = deviceTable(at.its)
  if (!table) return undefined
  const read: Read = (entry, id) => {
    const page = secondLevel(entry)
    if (page === undefined) return 1
    const fault = scan(at, page, PAGE_ENTRIES, id * PAGE_ENTRIES, restoreDevice(at))
    return at.vm.isTranslationLost ? undefined : fault === 'on' ? 1 : (fault ?? 0)
  }
  const fault = scan(at, table.base, table.size / ENTRY, 0, table.isIndirect ? read : restoreDevice(at))
  return fault === 'on' ? undefined : fault
}

const restoreCollections = (at: InIts): Fault => {
  const table = collectionTable(at.its)
  if (!table) return undefined
  const isFresh = at.its.collections.size === 0
  const read: Read = (entry) => {
    const { isValid, target, collection } = collectionEntry.read(entry)
    if (!isValid) return 0
    if (target !== undefined && !at.vm.vcpus.some(({ id }) => id === target)) return 'EINVAL'
    if (at.its.collections.has(collection)) return 'EEXIST'
    if (entryOf(at, table, collection) === undefined) return bad(at)
    at.its.collections.set(collection, target === undefined ? {} : { target })
    return 1
  }
  const fault = scan(at, table.base, table.size / ENTRY, 0, read, loadUnordered)
  if (fault === 'on') return undefined
  // Of entries that are wrong in several ways the first decides.
  return fault && !isFresh && at.world.ram.unordered?.length ? void loseTranslation(at) : fault
}

export const restoreTables = (at: InIts): Fault => restoreCollections(at) ?? restoreDevices(at)
