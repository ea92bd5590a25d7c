/** What a guest does when KVM_RUN enters it, until it leaves to userspace or waits. */
import type { Here } from '../../model/world.ts'
import { isFull } from '../memory/dirty-ring.ts'
import { isToBeTold } from './device-levels.ts'
import type { Entered } from './entered.ts'
import { programOf } from './fetch.ts'
import { Guest, unknown } from './guest.ts'
import { beginsInNothing, findsMemory } from './other-code.ts'
import { unknownRegisters } from './registers.ts'
import { asItBegins } from './start.ts'
import { isDebugged } from './step.ts'
import { isDisturbed, isSuspended, isUnusual } from './undisturbed.ts'
import { wakenUp } from './wakeup.ts'

/** What happens on this vcpu once the guest is entered. Changes nothing. */
export const enter = (before: Here): Entered => {
  const here = before.vcpu.start ? asItBegins(before) : before
  const guest = new Guest(here)
  if (here.vcpu.isPowerUnknown) return unknown
  if (here.vcpu.off) return here.vcpu.start || isFull(here) ? unknown : guest.end()
  if (isSuspended(here)) return here.vcpu.lines ? guest.end(wakenUp) : { ...guest.end(), isUnknown: true }
  if (!isFull(here)) {
    const isBefore = isToBeTold(here)
    if (isBefore === undefined || (isBefore && isDebugged(here))) return unknown
    if (isBefore) return { ...guest.end(), isBefore }
  }
  if (isDisturbed(here)) return unknown
  const program = programOf(here)
  if (!program && isFull(here)) return unknown
  if (program) return guest.goOn(program)
  if (beginsInNothing(here)) return guest.end({ errno: 'EFAULT' })
  const isMapped = findsMemory(here, isUnusual(here))
  if (isMapped === undefined) return unknown
  return { ...guest.end(isMapped ? {} : { errno: 'EFAULT' }), registers: unknownRegisters() }
}
