/** struct kvm_coalesced_mmio_zone: guest addresses, or ports, whose writes are collected. */
import fc from 'fast-check'
import { MMIO_ADDRESS } from '../../model/guest-program.ts'
import { anyNumber, count, u64, unsigned } from '../../model/scalar.ts'
import { struct } from '../../model/struct.ts'

const addr = u64('addr', anyNumber(64, [MMIO_ADDRESS, 0n, 0x1000n, 0x800_0000n]))
const size = count('size', unsigned(32), anyNumber(32, [4n, 0n, 0x1000n, 0x1_0000n]).map(Number))
const pio = count(
  'pio',
  unsigned(32),
  fc.oneof(
    { arbitrary: fc.constantFrom(0, 0, 0, 1), weight: 8 },
    { arbitrary: anyNumber(32, [2n]).map(Number), weight: 1 },
  ),
)

export const takes = struct('kvm_coalesced_mmio_zone', {
  addr: { of: addr },
  size: { of: size },
  pio: { of: pio, unless: 0 },
})
export type CoalescedZone = Parameters<typeof takes.print>[0]
