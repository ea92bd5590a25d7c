/** The type of a VM: how many bits a guest physical address has, and whether the VM is protected. */
import fc from 'fast-check'
import { byValue } from '../../model/number-argument.ts'
import { printNumber, u64 } from '../../model/scalar.ts'

// Bit 31 is left out: of protected VMs the table knows no more than whether there are any.
const type = u64(
  'the type of the VM',
  fc.oneof(
    { arbitrary: fc.constant(0n), weight: 6 },
    { arbitrary: fc.integer({ min: 30, max: 54 }).map(BigInt), weight: 4 },
    { arbitrary: fc.integer({ min: 0, max: 255 }).map(BigInt), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.integer({ min: 32, max: 48 }), fc.integer({ min: 8, max: 63 }))
        .map(([n, bit]) => BigInt(n) | (1n << BigInt(bit === 31 ? 30 : bit))),
      weight: 1,
    },
  ),
  printNumber,
)

export const takes = byValue(type)
