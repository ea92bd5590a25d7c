/** What a guest program is: its instructions, and what KVM hears of them. */

import { bytes } from './scalar.ts'

/** Where its first instruction stands in guest physical memory: the pc after KVM_ARM_VCPU_INIT. */
export const ENTRY = 0n
/** An address at which programs load and store, so that userspace has to emulate it. */
export const MMIO_ADDRESS = 0x1000_0000n

/**
 * hvc: a hypercall, the function `fn` or the one in x0, with x1, x2 and x3. store: a register is stored to MMIO_ADDRESS.
 * spin: nothing more, for ever.
 */
export type GuestAction = { does: 'hvc'; fn?: bigint } | { does: 'store' } | { does: 'spin' }

export interface GuestProgram {
  /** As the notation names it. */
  name: string
  says: string
  /** A64 instructions. */
  code: readonly number[]
  actions: readonly GuestAction[]
  /** The action that follows the last one. */
  again: number
  /** The action that it begins with where its first instruction is missed. */
  withoutFirst: number
}

/** Its bytes, as hexadecimal text. */
export const bytesOf = ({ code }: GuestProgram): string => code.map((word) => bytes(word, 4)).join('')
