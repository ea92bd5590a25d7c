/** Which instruction a guest executes next, where it is one of a program. */
import { ENTRY } from '../../model/guest-program.ts'
import type { Here } from '../../model/world.ts'
import type { ProgramInMemory } from '../../model/contents.ts'
import { programIn } from '../ram/programs.ts'
import { slotAt } from '../ram/slots.ts'
import { instructionOf, type Instruction } from './instruction.ts'
import type { GuestRegisters } from './registers.ts'

/** The program at the entry of the guest; undefined where there is none to be run. */
export const programOf = ({ world, vm }: Here): ProgramInMemory | undefined => {
  const slot = slotAt(vm, ENTRY)
  return slot && programIn(world, slot)
}

/** Bytes of an instruction. */
export const WORD = 4n

/** The instruction at pc; undefined where it is none of a program. */
export const fetched = (
  words: readonly number[],
  { overwritten }: ProgramInMemory,
  now: readonly bigint[],
  { pc }: GuestRegisters,
): Instruction | undefined => {
  if (pc === undefined || pc % WORD !== 0n) return undefined
  if (overwritten === 'anywhere' || overwritten.includes(pc) || now.includes(pc)) return undefined
  const word = words[Number((pc - ENTRY) / WORD)]
  return word === undefined ? undefined : instructionOf(word)
}
