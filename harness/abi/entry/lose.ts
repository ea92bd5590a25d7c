/** What nobody knows any more, once a guest has done what nobody could follow. */
import type { Here } from '../../model/world.ts'
import { loseRings } from '../memory/dirty-ring.ts'
import { loseMemory } from '../ram/programs.ts'
import { forgetPage } from '../ram/shared-page.ts'

/** What the guests of the VM do is not known any more. */
export const lose = ({ world, vm }: Here): void => {
  for (const vcpu of vm.vcpus) vcpu.isLost = true
  for (const slot of vm.memslots) if (slot.log !== undefined) slot.isLogUnknown = true
  loseRings(vm)
  if (vm.coalesced) forgetPage(vm.coalescedRing)
  loseMemory(world)
}
