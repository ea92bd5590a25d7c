/** What becomes of an eventfd that is signalled: interrupts of the VMs that made it an irqfd. */
import type { Here, World } from '../../model/world.ts'
import type { Vm } from '../../model/vm.ts'
import { FIRST_SPI } from '../args/irq-line.ts'
import { loseTranslation } from '../vgic/its/translation.ts'
import { loseInterrupts } from '../vgic/registers/interrupts.ts'
import { driveShared } from '../vgic/registers/lines.ts'

/** The SPI that a GSI is routed to; undefined: none, or a message, which no GIC has as a shared interrupt. */
const spiOf = ({ pins, vgic }: Vm, gsi: number): number | undefined => {
  const pin = pins ? pins.get(gsi) : gsi
  return pin !== undefined && pin + FIRST_SPI < vgic!.nrIrqs ? pin + FIRST_SPI : undefined
}

/** The line of the interrupt is high from then on, and an edge came. */
const raise = (here: Here, vm: Vm, gsi: number): void => {
  if (!vm.vgic) return
  // Of a vgic that 5.10 took apart nobody has looked.
  if (!vm.vgic.initialised) return loseInterrupts(vm.vgic, 'shared')
  const spi = spiOf(vm, gsi)
  if (spi !== undefined) driveShared({ ...here, vm }, spi, true)
  // It may be a message, which arrives some time later.
  else if (vm.hasIts && vm.pins) loseTranslation({ ...here, vm })
}

/** It is signalled: it raises interrupts at once, and may be left so for whoever comes. */
export const signal = (here: Here, eventfd: number): void => {
  const { world } = here
  for (const irqfd of world.irqfds ?? []) if (irqfd.eventfd === eventfd) raise(here, irqfd.vm, irqfd.gsi)
  world.signalled = new Set([...(world.signalled ?? []), eventfd])
}

/** What came before it was made an irqfd of the VM is not missed; its interrupt comes, and goes again, some time later. */
export const catchUp = ({ signalled }: World, { vgic }: Vm, eventfd: number): void => {
  if (vgic && signalled?.has(eventfd)) loseInterrupts(vgic, 'shared')
}
