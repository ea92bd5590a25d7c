/**
 * What a guest would execute that has none of the programs: nothing, unless userspace has written instructions itself.
 */
import { ENTRY } from '../../model/guest-program.ts'
import type { Here } from '../../model/world.ts'
import { AGENT_MEMORY, RAM } from '../args/userspace-address.ts'
import { readGuest } from '../ram/ram.ts'
import { slotAt } from '../ram/slots.ts'
import { registersAt } from './registers.ts'

/** Bytes of the exception vectors, which begin at 0 after KVM_ARM_VCPU_INIT. */
const VECTORS = 0x800n
/** Bytes that are looked at together. */
const STEP = 4n

/** No slot of the VM has a word but 0 in it, as far as the agent's memory goes. */
const isAllZeros = ({ world: { ram }, vm }: Here): boolean =>
  !ram.isUnknown
  && [...ram.bytes].every(
    ([offset, byte]) =>
      byte === 0
      || vm.memslots.every(({ hva, size }) => BigInt(offset) + RAM < hva || BigInt(offset) + RAM >= hva + size),
  )

/** The address is in a slot that is no memory of the agent, which has nothing mapped elsewhere for its guests. */
const isInNothing = ({ vm }: Here, address: bigint): boolean => {
  const slot = slotAt(vm, address)
  return slot !== undefined && !slot.memfd && slot.hva < RAM
}

/** There is no memory where the guest goes on: it does nothing. */
export const beginsInNothing = (here: Here): boolean => {
  const { pc } = registersAt(here)
  return pc !== undefined && isInNothing(here, pc)
}

/**
 * False where there is no memory for the exception vectors, to which all leads a guest without code. undefined: nobody
 * knows where these are. `isUnusual` as for findsOtherCode.
 */
export const findsMemory = (here: Here, isUnusual: boolean): boolean | undefined => {
  if (!here.vm.memslots.some(({ hva, memfd }) => !memfd && hva < RAM)) return true
  return isUnusual ? undefined : !isInNothing(here, ENTRY)
}

/** A word there that may be an instruction. One of 0 is none, and where nothing is mapped the kernel says so. */
const isInstruction = ({ world, vm }: Here, address: bigint): boolean => {
  const slot = slotAt(vm, address)
  if (!slot || slot.hva < RAM) return false
  const isOfAgent = slot.hva - RAM + address - slot.gpa + STEP <= AGENT_MEMORY
  return slot.memfd !== undefined || !isOfAgent || readGuest(world, vm, address, Number(STEP)) !== 0n
}

/**
 * True where the guest may find instructions: where it goes on, or in its exception vectors, to which all else leads
 * it.
 * `isUnusual`: userspace has moved these, or nobody knows how it executes what it finds.
 */
export const findsOtherCode = (here: Here, isUnusual: boolean): boolean => {
  if (isAllZeros(here)) return false
  if (isUnusual) return true
  const { pc } = registersAt(here)
  if (pc !== undefined && isInstruction(here, pc)) return true
  for (let at = 0n; at < VECTORS; at += STEP) if (isInstruction(here, at)) return true
  return false
}
