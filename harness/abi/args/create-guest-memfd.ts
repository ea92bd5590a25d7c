/** struct kvm_create_guest_memfd: memory of a VM that is a file of its own. */
import fc from 'fast-check'
import { memAttributes } from '../../names/index.ts'
import { anyNumber, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'

export type GuestMemfd = Struct<Record<'size' | 'flags' | 'reserved', Field<bigint>>>

const { GUEST_MEMFD_FLAG_MMAP: MMAP, GUEST_MEMFD_FLAG_INIT_SHARED: INIT_SHARED } = memAttributes
const flags = fc.oneof(
  { arbitrary: fc.constantFrom(0n, BigInt(MMAP), BigInt(INIT_SHARED), BigInt(MMAP | INIT_SHARED)), weight: 4 },
  { arbitrary: anyNumber(64, [4n, 8n]), weight: 1 },
)

export const takes = struct<Record<'size' | 'flags' | 'reserved', Field<bigint>>>('kvm_create_guest_memfd', {
  size: { of: u64('size', anyNumber(64, [0n, 1n, 0x1000n, 0x10000n, 1n << 62n, 1n << 63n])) },
  flags: { of: u64('flags', flags), unless: 0n },
  reserved: { of: u64('reserved', fc.constantFrom(0n, 1n), undefined, unsigned(384)), unless: 0n },
})
