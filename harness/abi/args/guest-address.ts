/** Guest physical addresses worth trying. */
import fc from 'fast-check'

const top = 1n << 64n

/** Few enough to meet, misaligned ones, and those around the end of every IPA size. */
export const anyAddress: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: fc.constantFrom(0x800_0000n, 0n, 0x1_0000n, 0x2_0000n, 0x3_0000n, 0x4_0000n), weight: 12 },
  { arbitrary: fc.constantFrom(0x1000n, 0x800n, 0x1_1000n, 0x800_1000n), weight: 2 },
  {
    arbitrary: fc
      .tuple(
        fc.constantFrom(40n, 40n, 40n, 32n, 36n, 44n, 48n, 52n),
        fc.constantFrom(-0x2_0000n, -0x1_0000n, -0x4_0000n, -0x2000n, -0x1000n, 0n, 1n, 0x1_0000n),
      )
      .map(([bits, offset]) => (1n << bits) + offset),
    weight: 5,
  },
  { arbitrary: fc.constantFrom(top - 0x1_0000n, top - 0x2_0000n, top - 0x1000n, 1n << 63n, top - 1n), weight: 1 },
)
