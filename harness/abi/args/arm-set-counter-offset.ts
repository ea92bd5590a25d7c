/** struct kvm_arm_counter_offset: what is taken off the counters of a VM. */
import { anyNumber, u64 } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'

export type CounterOffset = Struct<Record<'counter_offset' | 'reserved', Field<bigint>>>

export const takes = struct<Record<'counter_offset' | 'reserved', Field<bigint>>>('kvm_arm_counter_offset', {
  counter_offset: { of: u64('counter_offset', anyNumber(64, [0n, 1n, 1n << 62n])), bare: true },
  reserved: { of: u64('reserved', anyNumber(64, [0n, 0n, 0n, 1n])), unless: 0n },
})
