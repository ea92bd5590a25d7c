/** The id of a vcpu. */
import fc from 'fast-check'
import { byValue } from '../../model/number-argument.ts'
import { printNumber, u64 } from '../../model/scalar.ts'

const id = u64(
  'the vcpu id',
  fc.oneof(
    { arbitrary: fc.integer({ min: 0, max: 2 }).map(BigInt), weight: 12 },
    { arbitrary: fc.constantFrom(7n, 8n, 9n, 511n, 512n, 513n), weight: 2 },
    { arbitrary: fc.constantFrom(1n << 31n, 0xffff_ffffn, 1n << 63n, (1n << 64n) - 1n), weight: 1 },
  ),
  printNumber,
)

export const takes = byValue(id)
