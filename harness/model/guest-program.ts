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
  /** Those of its exception vectors, by their offset; VBAR_EL1 is 0 after KVM_ARM_VCPU_INIT, as ENTRY is. */
  vectors?: Readonly<Record<number, readonly number[]>>
}

/** Its instructions from the first to the last; between those of its vectors there is 0, which is none. */
export const wordsOf = ({ code, vectors = {} }: GuestProgram): readonly number[] => {
  const words = [...code]
  for (const [offset, more] of Object.entries(vectors)) {
    const gap = Number(offset) / 4 - words.length
    words.push(...Array<number>(gap).fill(0), ...more)
  }
  return words
}

/** How many bytes it has. */
export const sizeOf = (program: GuestProgram): number => 4 * wordsOf(program).length

/** Its bytes, as hexadecimal text. */
export const bytesOf = (program: GuestProgram): string =>
  wordsOf(program)
    .map((word) => bytes(word, 4))
    .join('')
