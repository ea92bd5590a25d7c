/** What nobody knows any more, once a guest has done what nobody could follow. */
import type { Here } from '../../model/world.ts'
import { loseRings } from '../memory/dirty-ring.ts'
import { loseMemory } from '../ram/programs.ts'
import { forgetPage } from '../ram/shared-page.ts'
import { keep, unknownRegisters } from './registers.ts'

/**
 * What the guests of the VM do is not known any more, nor which of its vcpus they have switched on, and with which
 * registers.
 */
export const lose = ({ world, vm, ...here }: Here): void => {
  for (const vcpu of vm.vcpus) {
    if (vcpu.off) vcpu.entered = true
    if (vcpu.off) keep({ ...here, world, vm, vcpu }, unknownRegisters())
    vcpu.isLost = vcpu.isPowerUnknown = true
  }
  for (const slot of vm.memslots) if (slot.log !== undefined) slot.isLogUnknown = true
  loseRings(vm)
  if (vm.coalesced) forgetPage(vm.coalescedRing)
  loseMemory(world)
}
