/** The address that a memory region has in userspace. */
import fc from 'fast-check'
import { u64 } from '../../model/scalar.ts'

/** Addresses of the kernel's half, with a tag, and not whole pages. What is mapped there is nobody's business. */
export const raw = u64(
  'userspace_addr',
  fc.constantFrom(1n << 55n, 0xffff_8000_0000_0000n, (1n << 64n) - 0x1000n, 1n << 56n, 0xffn << 56n, 0x1000n, 1n),
)
/**
 * Where the addresses of userspace end in a kernel with virtual addresses of so many bits, 48 at least and 52 at most.
 */
const LEAST_END = 1n << 48n,
  LATEST_END = 1n << 52n
/** Where it counts from that a region's memory is the agent's: no address is as great. */
export const RAM = 1n << 64n
/** Bytes of the agent's guest memory; what lies behind it is nobody's business. */
export const AGENT_MEMORY = 0x40_0000n
/** A region's memory: an offset into the agent's, or an address instead. */
interface Place {
  ram: number
  raw?: bigint
}
type Region = Place & { size: bigint }
/** The userspace address of a region, as far as regions can be compared by it. */
export const addressOf = ({ ram: r, raw: a }: Place): bigint => a ?? RAM + BigInt(r)
const endOf = ({ raw: a, size: s }: Region): bigint => (a === undefined ? 0n : a + s)
/** It ends outside what userspace can address, or has a tag. */
export const isNoUserAddress = (arg: Region): boolean => endOf(arg) > LATEST_END
/** Only who knows how the kernel was built can say whether userspace can address it. */
export const isUnclear = (arg: Region): boolean => endOf(arg) > LEAST_END && endOf(arg) <= LATEST_END
