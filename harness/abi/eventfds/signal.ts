/** What becomes of an eventfd that is signalled: interrupts of the VMs that made it an irqfd. */
import type { Vm, World } from '../../model/world.ts'
import { loseInterrupts } from '../vgic/registers/interrupts.ts'

/** Nobody has looked which interrupts are pending then. */
const raise = ({ vgic }: Vm): void => {
  if (vgic) loseInterrupts(vgic, 'shared')
}

/** It is signalled: it raises interrupts at once, or is left so for whoever comes. */
export const signal = (world: World, eventfd: number): void => {
  const heard = (world.irqfds ?? []).filter((irqfd) => irqfd.eventfd === eventfd)
  for (const { vm } of heard) raise(vm)
  if (heard.length === 0) world.signalled = new Set([...(world.signalled ?? []), eventfd])
}

/** What came before it was made an irqfd of the VM is not missed. */
export const catchUp = ({ signalled }: World, vm: Vm, eventfd: number): void => {
  if (signalled?.has(eventfd)) raise(vm)
}
