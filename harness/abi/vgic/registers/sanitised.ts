/** 64-bit registers that say where a table in guest memory is: what KVM makes of their fields. */

/** The shifts of the three fields that say how the table is cached. */
export interface CachedAt {
  shareability: bigint
  inner: bigint
  outer: bigint
}

const field = (value: bigint, shift: bigint, mask: bigint, change: (old: bigint) => bigint): bigint =>
  (value & ~(mask << shift)) | (change((value >> shift) & mask) << shift)

/** Outer shareable becomes inner shareable, non-cacheable the inner default; the outer cache is none of its own. */
export const sanitised = (value: bigint, { shareability, inner, outer }: CachedAt): bigint => {
  const shared = field(value, shareability, 3n, (old) => (old === 2n ? 1n : old))
  const cached = field(shared, inner, 7n, (old) => (old < 2n ? 3n : old))
  return field(cached, outer, 7n, (old) => (old < 2n ? old : 0n))
}

/** `value` with its lower or upper half replaced. */
export const withHalf = (value: bigint, half: number, word: bigint): bigint =>
  half === 0 ? (value & ~0xffff_ffffn) | word : (value & 0xffff_ffffn) | (word << 32n)
