/** What is in the agent's guest memory, and in that of a guest, whose slots lie there. */
import type { Here, World } from '../../model/world.ts'
import type { Vm } from '../../model/vm.ts'
import { memFlags } from '../../names/index.ts'
import { AGENT_MEMORY, RAM } from '../args/userspace-address.ts'
import { overwrite } from './programs.ts'
import { readAt, untouchedFrom, writeAt } from './shared-page.ts'
import { slotAt } from './slots.ts'

/** So many bytes at an offset into the agent's guest memory, as a number; undefined: the table does not know them. */
const readRam = ({ ram }: World, offset: number, size: number): bigint | undefined => readAt(ram, offset, size)

/** Writes them; undefined: something that the table does not know. */
export const writeRam = (world: World, offset: number, size: number, value: bigint | undefined): void => {
  overwrite(world, RAM + BigInt(offset), BigInt(size))
  writeAt(world.ram, offset, size, value)
}

/**
 * The offset into the agent's guest memory of so many bytes that a guest has at an address; 'none': it has no memory
 * there, or none that the kernel may write where it `writes`; undefined: nobody knows what is behind the slot.
 */
export const offsetOf = (vm: Vm, address: bigint, size: number, writes = false): number | 'none' | undefined => {
  const slot = slotAt(vm, address)
  if (!slot || (writes && (slot.flags & memFlags.KVM_MEM_READONLY) !== 0)) return 'none'
  if (slot.memfd || slot.hva < RAM || address + BigInt(size) > slot.gpa + slot.size) return undefined
  const offset = slot.hva + address - slot.gpa - RAM
  return offset + BigInt(size) <= AGENT_MEMORY ? Number(offset) : undefined
}

/** So many bytes that a guest has at an address. */
export const readGuest = (world: World, vm: Vm, address: bigint, size: number): bigint | 'none' | undefined => {
  const offset = offsetOf(vm, address, size)
  return typeof offset === 'number' ? readRam(world, offset, size) : offset
}

/**
 * How many bytes from an address of a guest on are in one slot and nobody has written them: they all read as the first.
 */
export const untouchedGuest = ({ ram }: World, vm: Vm, address: bigint): number => {
  const offset = offsetOf(vm, address, 1)
  if (typeof offset !== 'number') return 0
  const slot = slotAt(vm, address)!
  const inSlot = Number(slot.gpa + slot.size - address)
  return Math.min(untouchedFrom(ram, offset), inSlot, Number(AGENT_MEMORY) - offset)
}

/** Bytes of struct pvclock_vcpu_stolen_time. */
const STOLEN_TIME = 64

/** The kernel writes how much time was stolen from the vcpu, which nobody knows. */
export const loseStolenTime = ({ world, vm, vcpu }: Here): void => {
  const offset = vcpu.stolenTime === undefined ? 'none' : offsetOf(vm, vcpu.stolenTime, STOLEN_TIME, true)
  if (typeof offset === 'number') writeRam(world, offset, STOLEN_TIME, undefined)
}
