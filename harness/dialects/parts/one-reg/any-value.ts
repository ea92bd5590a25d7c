/** Values of a register of any width, to be drawn at random. */
import fc from 'fast-check'

/** 0, 1, all ones, single bits and what is one bit too wide for a smaller register; and any number of so many bits. */
export const anyValue = (bits: number): fc.Arbitrary<bigint> => {
  const all = (1n << BigInt(bits)) - 1n
  return fc.oneof(
    { arbitrary: fc.constantFrom(0n, 1n, all, 1n << BigInt(bits - 1)), weight: 2 },
    { arbitrary: fc.nat(bits - 1).map((bit) => 1n << BigInt(bit)), weight: 1 },
    {
      arbitrary: fc.constantFrom(8, 16, 32, 64, 128).map((size) => (1n << BigInt(Math.min(size, bits - 1))) & all),
      weight: 1,
    },
    { arbitrary: fc.bigInt({ min: 0n, max: all }), weight: 2 },
  )
}
