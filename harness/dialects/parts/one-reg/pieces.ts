/** Registers in pieces of 64 bits, by number. */
import type { Here } from '../../../model/world.ts'
import { middleOf } from './ids.ts'
import * as registers from './registers.ts'

/** Bits of a piece. */
export const PIECE = 64

/** A piece of a register: the register's shipped id, and how far the piece and its bits are from the low end. */
export interface Piece {
  id: bigint
  shift: bigint
  bits: number
}

/** The piece that bits 59 to 32 of the id number; undefined where the vcpu has no such register, or it is smaller. */
export const pieceOf = (here: Here, arg: { id: bigint }): Piece | undefined => {
  const register = registers.registerOf(here, arg.id)
  if (register === undefined) return undefined
  const bits = registers.bytesOf(register) * 8
  const shift = middleOf(arg.id) * BigInt(PIECE)
  return shift < bits ? { id: register, shift, bits: Math.min(PIECE, bits) } : undefined
}

/** What the whole register holds once a piece of it is written. */
export const merged = (here: Here, { id, shift }: Piece, value: bigint): bigint => {
  const before = registers.exampleOf(here, id)
  return (before & ~(((1n << BigInt(PIECE)) - 1n) << shift)) | (value << shift)
}
