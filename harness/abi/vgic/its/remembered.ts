/**
 * Translations that an ITS remembers of messages that came. The kernel looks there first: before it asks whether a
 * message says its device, and at once where an irqfd sends it.
 */
import { holdsIn } from '../../../model/release.ts'
import type { Its } from '../../../model/vgic.ts'
import type { InIts, InVm } from './translation.ts'

const DOORBELL = 0x1_0040n
/** So few that every kernel has room for them: older ones share 16 for each vcpu. */
const MOST = 8
const keyOf = (device: number, event: number) => `${device} ${event}`

/** The ITS has translated an event of a device. */
export const remember = ({ its }: InIts, device: number, event: number): void => {
  its.remembered = new Set([...(its.remembered ?? []), keyOf(device, event)])
  if (its.remembered.size > MOST) doubt(its)
}
/** Nobody knows what it remembers. */
export const doubt = (its: Its): void => {
  delete its.remembered
  its.mayRemember = true
}
/** It remembers nothing any more. Before 6.12 all of a VM had one memory. */
export const forget = (at: InVm, its: Its): void => {
  for (const one of at.vm.placedIts ?? []) if (one !== its && one.remembered) doubt(one)
  delete its.remembered
  delete its.mayRemember
}

/** Before, a message was found again by the address of GITS_TRANSLATER alone. */
const AT_ANY_REGISTER = { since: '6.12' }
/** Whether it remembers what comes of a message to that address; undefined: nobody knows. */
export const isRemembered = (at: InIts, address: bigint, device: number, event: number): boolean | undefined => {
  const { its, world } = at
  if (address !== its.addr! + DOORBELL && !holdsIn(world.release, AT_ANY_REGISTER)) return false
  return its.remembered?.has(keyOf(device, event)) ? true : its.mayRemember ? undefined : false
}
