/**
 * LPIs: what an ITS translates to. Guest memory has what configures them, and which are pending while nobody keeps
 * them.
 */
import type { Lpi } from '../../../model/vgic.ts'
import { held } from '../registers/held.ts'
import { areLpisEnabled, pendingBase, propertyBase } from '../registers/lpi-tables.ts'
import { forget } from './remembered.ts'
import { load, loseTranslation, store, type InIts, type InVm } from './translation.ts'

export const FIRST_LPI = 8192
const GROUP_1 = 2n
const [PRIORITY, ENABLED] = [0xfcn, 1n]

/** Its vcpu is told of it, unless some vcpu was told before. */
const queue = (at: InVm, lpi: Lpi): void => {
  const control = held(at.vm.vgic!.held, 'GICD_CTLR', 'shared', 0, 0n)
  if (control === undefined) return loseTranslation(at)
  const isDue = lpi.isPending && lpi.isEnabled && lpi.target !== undefined && (control & GROUP_1) !== 0n
  if (isDue && lpi.queued === undefined) lpi.queued = lpi.target!
}

/** Reads how it is configured. */
export const configure = (at: InVm, number: number, lpi: Lpi): 'EFAULT' | undefined => {
  const base = propertyBase(at.vm)
  if (base === undefined) return void loseTranslation(at)
  const property = load(at, base + BigInt(number - FIRST_LPI), 1)
  if (property === undefined || property === 'EFAULT') return property
  lpi.priority = property & PRIORITY
  lpi.isEnabled = (property & ENABLED) !== 0n
  queue(at, lpi)
  return undefined
}

/** Where the pending table of a vcpu has the byte of an LPI. */
const pendingAt = (at: InVm, target: number, number: number): bigint | undefined => {
  const base = pendingBase(at.vm, target)
  if (base === undefined) return void loseTranslation(at)
  return base + BigInt(number >> 3)
}
const bitOf = (number: number): bigint => 1n << BigInt(number & 7)

/** What the pending table of its vcpu says of a new LPI, which is kept there no longer. */
const takePending = (at: InVm, number: number, lpi: Lpi): 'EFAULT' | undefined => {
  if (lpi.target === undefined) return undefined
  const address = pendingAt(at, lpi.target, number)
  const byte = address === undefined ? undefined : load(at, address, 1)
  if (byte === undefined || byte === 'EFAULT') return byte
  lpi.isPending = (byte & bitOf(number)) !== 0n
  queue(at, lpi)
  return lpi.isPending ? store(at, address!, 1, byte & ~bitOf(number)) : undefined
}

/** An event is mapped to that LPI; one that is there already stays as it is, whoever its vcpu is. */
export const addLpi = (at: InVm, number: number, target: number | undefined): 'EFAULT' | undefined => {
  const { lpis } = at.vm.vgic!
  if (lpis.has(number)) return undefined
  const lpi: Lpi = { isPending: false, isEnabled: false, priority: 0n, ...(target !== undefined && { target }) }
  lpis.set(number, lpi)
  const fault = configure(at, number, lpi) ?? takePending(at, number, lpi)
  if (fault) lpis.delete(number)
  return fault
}

/** It is forgotten once no event is mapped to it, and no vcpu was told of it. */
export const release = ({ vm }: InVm, number: number): void => {
  const isMapped = (vm.placedIts ?? []).some(({ devices }) =>
    [...devices.values()].some(({ events }) => [...events.values()].some(({ lpi }) => lpi === number)),
  )
  const { lpis } = vm.vgic!
  if (!isMapped && lpis.get(number)?.queued === undefined) lpis.delete(number)
}

/** What a device's event comes to. */
export type Arrival = { lpi: Lpi } | 'unmapped' | 'EBUSY'

export const arrivalOf = ({ vm, its }: InIts, device: number, event: number): Arrival => {
  const mapped = its.devices.get(device)?.events.get(event)
  const target = mapped?.collection === undefined ? undefined : its.collections.get(mapped.collection)?.target
  if (mapped === undefined || target === undefined) return 'unmapped'
  return areLpisEnabled(vm, target) ? { lpi: vm.vgic!.lpis.get(mapped.lpi)! } : 'EBUSY'
}

/** It is pending from now on. */
export const raise = (at: InVm, lpi: Lpi): void => {
  lpi.isPending = true
  queue(at, lpi)
}

/** GICR_CTLR.EnableLPIs: what is pending for the vcpu is what its table says, unless that is said to be all zero. */
export const enableLpis = (at: InVm, cpu: number): void => {
  for (const [number, lpi] of at.vm.vgic!.lpis) {
    const address = pendingAt(at, cpu, number)
    const byte = address === undefined ? undefined : load(at, address, 1)
    if (byte === undefined) return
    // The kernel stops at the first, and which that is depends on the release.
    if (byte === 'EFAULT') return loseTranslation(at)
    if (lpi.target !== cpu) continue
    lpi.isPending = (byte & bitOf(number)) !== 0n
    queue(at, lpi)
  }
}

/** GICR_CTLR.EnableLPIs is taken back: the vcpu knows of none any more. */
export const disableLpis = (at: InVm, cpu: number): void => {
  for (const its of at.vm.placedIts ?? []) forget(at, its)
  for (const [number, lpi] of at.vm.vgic!.lpis) {
    if (lpi.queued !== cpu) continue
    delete lpi.queued
    release(at, number)
  }
}

/** The vcpu has run: it knows of those that are still to come, and another vcpu is told of what has moved there. */
export const noteLpis = (at: InVm, cpu: number): void => {
  for (const [number, lpi] of at.vm.vgic!.lpis) {
    const { isPending, isEnabled, target } = lpi
    if (lpi.queued !== cpu || (isPending && isEnabled && target === cpu)) continue
    delete lpi.queued
    queue(at, lpi)
    release(at, number)
  }
}

/** KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES. */
export const savePending = (at: InVm): 'EFAULT' | undefined => {
  for (const [number, { target, isPending }] of at.vm.vgic!.lpis) {
    if (target === undefined) continue
    const address = pendingAt(at, target, number)
    const byte = address === undefined ? undefined : load(at, address, 1)
    if (byte === undefined || byte === 'EFAULT') return byte
    const now = isPending ? byte | bitOf(number) : byte & ~bitOf(number)
    const fault = now === byte ? undefined : store(at, address!, 1, now)
    if (fault) return fault
  }
  return undefined
}
