/** struct kvm_enable_cap: a capability that is not there by itself, and what it needs to know. */
import fc from 'fast-check'
import { anyNumber, count, named, u64, unsigned } from '../../model/scalar.ts'
import { struct } from '../../model/struct.ts'
import { caps } from '../../names/index.ts'

/** Those that arm64 or every architecture enables; others that are there, and some that nobody knows. */
const enabled = [
  caps.KVM_CAP_ARM_NISV_TO_USER,
  caps.KVM_CAP_ARM_MTE,
  caps.KVM_CAP_ARM_SYSTEM_SUSPEND,
  caps.KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
  caps.KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
  caps.KVM_CAP_ARM_SEA_TO_USER,
  caps.KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
  caps.KVM_CAP_HALT_POLL,
  caps.KVM_CAP_DIRTY_LOG_RING,
  caps.KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  caps.KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
]
const cap = fc.oneof(
  { arbitrary: fc.constantFrom(...enabled), weight: 12 },
  { arbitrary: fc.constantFrom(...Object.values(caps)), weight: 2 },
  { arbitrary: anyNumber(32, [0n]).map(Number), weight: 1 },
)
/** Sizes of blocks and of rings, what fits 32 bits and what does not, the two options of a manual dirty log. */
const first = [
  0n,
  1n,
  2n,
  3n,
  4n,
  0x800n,
  0x1000n,
  0x10000n,
  0x100000n,
  0x200000n,
  0x4000_0000n,
  0xffff_ffffn,
  1n << 32n,
]
const other = { of: u64('args[]', anyNumber(64, [0n])), unless: 0n }

export const takes = struct('kvm_enable_cap', {
  cap: { of: named('cap', caps, cap), bare: true },
  flags: { of: count('flags', unsigned(32), anyNumber(32, [0n, 0n, 0n, 1n]).map(Number)), unless: 0 },
  'args[0]': { of: u64('args[0]', anyNumber(64, first)), unless: 0n },
  'args[1]': other,
  'args[2]': other,
  'args[3]': other,
  pad: { of: u64('pad', anyNumber(512, [0n]), undefined, unsigned(512)), unless: 0n },
})
export type EnableCap = Parameters<typeof takes.print>[0]
