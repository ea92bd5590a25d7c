/** What a guest program is: its instructions, which harness/abi/entry follows one by one. */

import { bytes } from './scalar.ts'

/** Where its first instruction stands in guest physical memory: the pc after KVM_ARM_VCPU_INIT. */
export const ENTRY = 0n
/** An address at which programs load and store, so that userspace has to emulate it. */
export const MMIO_ADDRESS = 0x1000_0000n

export interface GuestProgram {
  /** As the notation names it. */
  name: string
  says: string
  /** A64 instructions. */
  code: readonly number[]
}

/** Its bytes, as hexadecimal text. */
export const bytesOf = ({ code }: GuestProgram): string => code.map((word) => bytes(word, 4)).join('')
