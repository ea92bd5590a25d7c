/** Commands of an ITS, four words of 64 bits each. One that is wrong is passed over, and nobody hears of it. */
import { holdsIn } from '../../../model/release.ts'
import type { ItsDevice } from '../../../model/vgic.ts'
import { itsCommands } from '../../../names/gic-registers.ts'
import { endOfLpis } from '../registers/lpi-tables.ts'
import { collectionTable, deviceTable, ENTRY, entryOf, ID_BITS, isVisible } from './entries.ts'
import { addLpi, arrivalOf, configure, FIRST_LPI, raise, release } from './lpis.ts'
import { forget, remember } from './remembered.ts'
import { loseTranslation, store, vcpuOf, type InIts } from './translation.ts'

/** The words of a command. */
export type Words = readonly [bigint, bigint, bigint, bigint]

const field = (word: bigint, at: bigint, bits: bigint): number => Number((word >> at) & ((1n << bits) - 1n))
const deviceOf = ([word]: Words) => field(word, 32n, 32n)
const sizeOf = ([, word]: Words) => field(word, 0n, 5n) + 1
const eventOf = ([, word]: Words) => field(word, 0n, 32n)
const lpiOf = ([, word]: Words) => field(word, 32n, 32n)
const collectionOf = ([, , word]: Words) => field(word, 0n, 16n)
const ittOf = ([, , word]: Words) => word & 0xf_ffff_ffff_ff00n
const targetOf = ([, , word]: Words) => field(word, 16n, 32n)
const otherTargetOf = ([, , , word]: Words) => field(word, 16n, 32n)
const isValid = ([, , word]: Words) => word >> 63n === 1n

const mapped = ({ its }: InIts, words: Words) => its.devices.get(deviceOf(words))?.events.get(eventOf(words))
const targetIn = ({ its }: InIts, collection: number | undefined) =>
  collection === undefined ? undefined : its.collections.get(collection)?.target
const lpiIn = ({ vm }: InIts, number: number) => vm.vgic!.lpis.get(number)!

const freeEvent = (at: InIts, device: ItsDevice, event: number): void => {
  const { lpi } = device.events.get(event)!
  device.events.delete(event)
  release(at, lpi)
}
/** The device and its events are unmapped; their LPIs are forgotten. */
export const freeDevice = (at: InIts, id: number): void => {
  const device = at.its.devices.get(id)!
  forget(at, at.its)
  for (const event of device.events.keys()) freeEvent(at, device, event)
  at.its.devices.delete(id)
}
export const freeCollection = ({ its }: InIts, id: number): void => {
  for (const { events } of its.devices.values())
    for (const event of events.values()) if (event.collection === id) delete event.collection
  its.collections.delete(id)
}

/**
 * What is unmapped has no valid entry in its table any more. Before, it kept it; of some point releases nobody has
 * looked.
 */
const CLEARS_ENTRIES = { since: ['6.13', '6.12.2', '6.1.120', '5.15.174', '5.10.231'] }
const KEEPS_ENTRIES = { until: ['5.11', '5.10.231'] }
const clearEntry = (at: InIts, address: bigint): void => {
  if (holdsIn(at.world.release, CLEARS_ENTRIES)) store(at, address, ENTRY, 0n)
  else if (!holdsIn(at.world.release, KEEPS_ENTRIES)) store(at, address, ENTRY, undefined)
}

const mapDevice = (at: InIts, words: Words): void => {
  const id = deviceOf(words)
  const entry = entryOf(at, deviceTable(at.its), id)
  if (entry === undefined || (isValid(words) && sizeOf(words) > ID_BITS)) return
  if (at.its.devices.has(id)) freeDevice(at, id)
  if (isValid(words)) at.its.devices.set(id, { itt: ittOf(words), bits: sizeOf(words), events: new Map() })
  else clearEntry(at, entry)
}

/** Every event of the collection goes to its vcpu. */
const retarget = (at: InIts, collection: number, target: number): void => {
  for (const { events } of at.its.devices.values())
    for (const event of events.values()) if (event.collection === collection) lpiIn(at, event.lpi).target = target
}
/** Whom a command that unmaps a collection names is not looked at; before, one that is not there kept it. */
const UNMAPS_FROM_ANY = { since: '6.7' }
const mapCollection = (at: InIts, words: Words): void => {
  const [id, target] = [collectionOf(words), targetOf(words)]
  const isThere = vcpuOf(at, target) !== undefined
  if (!isValid(words)) {
    if (!isThere && !holdsIn(at.world.release, UNMAPS_FROM_ANY)) return
    freeCollection(at, id)
    forget(at, at.its)
    return
  }
  const old = at.its.collections.get(id)
  if (!isThere || (!old && entryOf(at, collectionTable(at.its), id) === undefined)) return
  at.its.collections.set(id, { target })
  if (old) retarget(at, id, target)
}

/** An ITT that the guest has no memory for. */
const MUST_BE_VISIBLE = { since: '5.19' }
/** An LPI of which two events tell. */
const HAS_ONE_EVENT = { since: ['7.4', '7.3.4'] }
const isTaken = ({ its }: InIts, lpi: number): boolean =>
  [...its.devices.values()].some(({ events }) => [...events.values()].some((event) => event.lpi === lpi))

const mapEvent = (at: InIts, words: Words, lpi: number): void => {
  const { its, vm } = at
  const [device, event, id] = [its.devices.get(deviceOf(words)), eventOf(words), collectionOf(words)]
  if (!device || event >= 2 ** device.bits) return
  if (!isVisible(vm, device.itt + BigInt(event * ENTRY)))
    return holdsIn(at.world.release, MUST_BE_VISIBLE) ? undefined : loseTranslation(at)
  const end = endOfLpis(vm)
  if (end === undefined) return loseTranslation(at)
  if (lpi < FIRST_LPI || lpi >= end || device.events.has(event)) return
  const isNew = !its.collections.has(id)
  if (isNew && entryOf(at, collectionTable(its), id) === undefined) return
  if (isTaken(at, lpi) && holdsIn(at.world.release, HAS_ONE_EVENT)) return
  if (addLpi(at, lpi, targetIn(at, id))) return
  if (isNew) its.collections.set(id, {})
  device.events.set(event, { lpi, collection: id })
}

const move = (at: InIts, words: Words): void => {
  const [event, id] = [mapped(at, words), collectionOf(words)]
  const target = targetIn(at, id)
  if (!event || targetIn(at, event.collection) === undefined || target === undefined) return
  event.collection = id
  lpiIn(at, event.lpi).target = target
  forget(at, at.its)
}
const moveAll = (at: InIts, words: Words): void => {
  const [from, to] = [targetOf(words), otherTargetOf(words)]
  if (!vcpuOf(at, from) || !vcpuOf(at, to) || from === to) return
  forget(at, at.its)
  for (const lpi of at.vm.vgic!.lpis.values()) if (lpi.target === from) lpi.target = to
}

const discard = (at: InIts, words: Words): void => {
  const [device, event] = [at.its.devices.get(deviceOf(words)), mapped(at, words)]
  if (!device || !event || targetIn(at, event.collection) === undefined) return
  forget(at, at.its)
  freeEvent(at, device, eventOf(words))
  clearEntry(at, device.itt + BigInt(eventOf(words) * ENTRY))
}
const clear = (at: InIts, words: Words): void => {
  const event = mapped(at, words)
  if (event) lpiIn(at, event.lpi).isPending = false
}
const interrupt = (at: InIts, words: Words): void => {
  const arrival = arrivalOf(at, deviceOf(words), eventOf(words))
  if (typeof arrival !== 'object') return
  raise(at, arrival.lpi)
  remember(at, deviceOf(words), eventOf(words))
}

const invalidate = (at: InIts, words: Words): void => {
  const event = mapped(at, words)
  if (event) configure(at, event.lpi, lpiIn(at, event.lpi))
}
const invalidateAll = (at: InIts, words: Words): void => {
  const target = targetIn(at, collectionOf(words))
  if (target === undefined) return
  for (const [number, lpi] of at.vm.vgic!.lpis) if (lpi.target === target) configure(at, number, lpi)
}

const { MAPD, MAPC, MAPTI, MAPI, MOVI, MOVALL, DISCARD, CLEAR, INT, INV, INVALL } = itsCommands
const handlers: Readonly<Record<number, (at: InIts, words: Words) => void>> = {
  [MAPD]: mapDevice,
  [MAPC]: mapCollection,
  [MAPTI]: (at, words) => mapEvent(at, words, lpiOf(words)),
  [MAPI]: (at, words) => mapEvent(at, words, eventOf(words)),
  [MOVI]: move,
  [MOVALL]: moveAll,
  [DISCARD]: discard,
  [CLEAR]: clear,
  [INT]: interrupt,
  [INV]: invalidate,
  [INVALL]: invalidateAll,
}

/** Does what the command says; SYNC and those that an ITS does not know change nothing. */
export const command = (at: InIts, words: Words): void => handlers[field(words[0], 0n, 8n)]?.(at, words)
