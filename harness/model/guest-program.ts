/**
 * The one guest program: it stores to an address without memory, then asks PSCI to switch the machine off, then spins.
 */

/** Where its first instruction stands in guest physical memory: the pc after KVM_ARM_VCPU_INIT. */
export const ENTRY = 0n
/** The address of its store. */
export const MMIO_ADDRESS = 0x1000_0000n

/** A64 instructions. PSCI SYSTEM_OFF is 0x84000008, called through HVC. */
const words = [
  0xd2a20001, // movz x1, #0x1000, lsl #16
  0x52800542, // movz w2, #0x2a
  0xb9000022, // str  w2, [x1]
  0x52b08000, // movz w0, #0x8400, lsl #16
  0x72800100, // movk w0, #0x0008
  0xd4000002, // hvc  #0
  0x14000000, // b    .
]

/** The program's bytes, little-endian, as hexadecimal text. */
export const program: string = words
  .map((w) => w.toString(16).padStart(8, '0').match(/../g)!.reverse().join(''))
  .join('')
