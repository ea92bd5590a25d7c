/** Ranges of addresses. */

/** True where two ranges, each an address and a size, share a byte. */
export const overlap = (a: bigint, aSize: bigint, b: bigint, bSize: bigint): boolean => a + aSize > b && a < b + bSize
