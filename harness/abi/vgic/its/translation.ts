/** Where an ITS translates: its VM, whose memory has the tables, and what becomes of that where nobody can follow. */
import type { Its } from '../../../model/vgic.ts'
import type { Vcpu } from '../../../model/vcpu.ts'
import type { Vm } from '../../../model/vm.ts'
import type { World } from '../../../model/world.ts'
import { loseMemory } from '../../ram/programs.ts'
import { offsetOf, readGuest, writeRam } from '../../ram/ram.ts'
import { exampleAt, forgetPage } from '../../ram/shared-page.ts'
import { noteInLog } from '../../ram/slots.ts'
import { forgetOrder } from '../../ram/unordered.ts'

/** A VM in which something is translated. */
export interface InVm {
  world: World
  vm: Vm
}
export interface InIts extends InVm {
  its: Its
}

/** Nobody knows what is translated from now on, and where the kernel writes. */
export const loseTranslation = ({ world, vm }: InVm): void => {
  vm.isTranslationLost = true
  loseMemory(world)
  for (const { memfd } of vm.memslots) if (memfd) forgetPage(memfd.content)
}

/** So many bytes of guest memory; 'EFAULT': there is none; undefined: nobody knows, and all is lost. */
export const load = (at: InVm, address: bigint, size: number): bigint | 'EFAULT' | undefined => {
  const value = readGuest(at.world, at.vm, address, size)
  if (value === undefined) loseTranslation(at)
  return value === 'none' ? 'EFAULT' : value
}

/** The same of entries whose order makes no difference: one of the orders in which they may be. */
export const loadUnordered: typeof load = (at, address, size) => {
  const offset = offsetOf(at.vm, address, size)
  const word = typeof offset === 'number' ? exampleAt(at.world.ram, offset, size) : undefined
  return word ?? load(at, address, size)
}

/** So many entries of that size, which are written, may as well have come in another order. */
export const forgetOrderOf = (at: InVm, address: bigint, size: number, entries: number): void => {
  const offsets = Array.from({ length: entries }, (_, i) => offsetOf(at.vm, address + BigInt(i * size), size))
  forgetOrder(
    at.world.ram,
    offsets.filter((offset) => typeof offset === 'number'),
  )
}

/** Writes them, as load reads them; undefined: nobody knows what. */
export const store = (at: InVm, address: bigint, size: number, value: bigint | undefined): 'EFAULT' | undefined => {
  const offset = offsetOf(at.vm, address, size, true)
  if (offset === 'none') return 'EFAULT'
  if (offset === undefined) loseTranslation(at)
  else writeRam(at.world, offset, size, value)
  noteInLog(at.vm, address)
  return undefined
}

/** The vcpu of that id; undefined: there is none. Before 6.7 a number of a vcpu was its place among them. */
export const vcpuOf = (at: InVm, id: number): Vcpu | undefined => {
  if (at.vm.vcpus.some((vcpu, index) => vcpu.id !== index)) loseTranslation(at)
  return at.vm.vcpus.find((vcpu) => vcpu.id === id)
}
