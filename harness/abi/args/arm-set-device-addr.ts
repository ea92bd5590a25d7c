/** struct kvm_arm_device_addr: what is placed, and where. */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { vgicAddrTypes } from '../../names/index.ts'
import { named64, u64 } from '../../model/scalar.ts'
import { anyAddress } from './guest-address.ts'

const { KVM_VGIC_V2_ADDR_TYPE_DIST: DIST, KVM_VGIC_V2_ADDR_TYPE_CPU: CPU } = vgicAddrTypes
/**
 * Bits 31 to 16 are the device, of which there is KVM_ARM_DEVICE_VGIC_V2 = 0 alone; bits 15 to 0 the type of address.
 */
const id = named64(
  'id',
  vgicAddrTypes,
  fc.oneof(
    { arbitrary: fc.constantFrom(BigInt(DIST), BigInt(CPU)), weight: 8 },
    {
      arbitrary: fc.constantFrom(2n, 3n, 4n, 5n, 6n, 0xffffn, 0x1_0000n, 0xffff_0000n, 1n << 32n, (1n << 63n) | 1n),
      weight: 2,
    },
  ),
)
type Fields = { id: Field<bigint>; addr: Field<bigint> }
export type DeviceAddr = Struct<Fields>

export const takes: Codec<DeviceAddr> = struct('kvm_arm_device_addr', {
  id: { of: id, bare: true },
  addr: { of: u64('addr', anyAddress), bare: true },
})
