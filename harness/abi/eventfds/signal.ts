/** What becomes of an eventfd that is signalled: interrupts of the VMs that made it an irqfd. */
import type { DescriptorNumber } from '../../model/descriptor-number.ts'
import type { Here, World } from '../../model/world.ts'
import type { Message, Vm } from '../../model/vm.ts'
import { FIRST_SPI } from '../args/irq-line.ts'
import { isUnclear, itsAt, translates } from '../vgic/doorbell.ts'
import { arrivalOf, raise as raiseLpi } from '../vgic/its/lpis.ts'
import { isRemembered } from '../vgic/its/remembered.ts'
import { loseTranslation } from '../vgic/its/translation.ts'
import { loseInterrupts } from '../vgic/registers/interrupts.ts'
import { driveShared } from '../vgic/registers/lines.ts'

/** The SPI that a GSI is routed to; undefined: none, or a message, which no GIC has as a shared interrupt. */
const spiOf = ({ pins, vgic }: Vm, gsi: number): number | undefined => {
  const pin = pins ? pins.get(gsi) : gsi
  return pin !== undefined && pin + FIRST_SPI < vgic!.nrIrqs ? pin + FIRST_SPI : undefined
}

/** What the ITS remembers of the message is pending at once; another message arrives some time later. */
const send = ({ world, vm }: Here, { address_lo, address_hi, devid, data }: Message): void => {
  const address = (BigInt(address_hi) << 32n) | BigInt(address_lo)
  const its = itsAt(vm, address)
  if (!its || !translates(vm)) return
  const at = { world, vm, its }
  const arrival = arrivalOf(at, devid, data)
  if (isUnclear(vm, its) || !isRemembered(at, address, devid, data) || typeof arrival !== 'object') loseTranslation(at)
  else raiseLpi(at, arrival.lpi)
}

/** The line of the interrupt is high from then on, and an edge came. */
const raise = (here: Here, vm: Vm, gsi: number): void => {
  if (!vm.vgic) return
  // Of a vgic that 5.10 took apart nobody has looked.
  if (!vm.vgic.initialised) return loseInterrupts(vm.vgic, 'shared')
  const message = vm.messages?.get(gsi)
  if (message) return send({ ...here, vm }, message)
  const spi = spiOf(vm, gsi)
  if (spi !== undefined) driveShared({ ...here, vm }, spi, true)
}

/** It is signalled: it raises interrupts at once, and may be left so for whoever comes. */
export const signal = (here: Here, eventfd: DescriptorNumber): void => {
  const { world } = here
  for (const irqfd of world.irqfds ?? []) if (irqfd.eventfd === eventfd) raise(here, irqfd.vm, irqfd.gsi)
  world.signalled = new Set([...(world.signalled ?? []), eventfd])
}

/**
 * What came before it was made an irqfd of the VM is not missed; its interrupt comes, and goes again, some time later.
 */
export const catchUp = (world: World, vm: Vm, eventfd: DescriptorNumber): void => {
  if (!vm.vgic || !world.signalled?.has(eventfd)) return
  loseInterrupts(vm.vgic, 'shared')
  if (vm.hasIts && vm.messages) loseTranslation({ world, vm })
}
