/** Instructions that read and write registers alone. */
import type { Instruction } from './instruction.ts'
import { get, set, type GuestRegisters } from './registers.ts'

/** Does what one of them says; what it makes of a value that the table does not know, the table does not know. */
export const compute = (
  registers: GuestRegisters,
  instruction: Extract<Instruction, { does: 'move' | 'add' }>,
): void => {
  const { rd, value } = instruction
  if (instruction.does === 'move') {
    const before = instruction.keeps === 0n ? 0n : get(registers, rd)
    set(registers, rd, before === undefined ? undefined : (before & instruction.keeps) | value)
    return
  }
  const augend = get(registers, instruction.rn)
  set(registers, rd, augend === undefined ? undefined : BigInt.asUintN(64, augend + value))
}
