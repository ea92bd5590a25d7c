/** Which vcpu the upper half of an attribute names. */
import type { Vcpu } from '../../model/world.ts'

const MPIDR_EL1 = 0x6030_0000_0013_c005n

/** What MPIDR_EL1 says: 0 until KVM_ARM_VCPU_INIT, then by default what the id gives. */
export const affinityOf = ({ id, initialised, regs }: Vcpu): bigint => {
  const mpidr = !initialised ? 0n : (regs.get(MPIDR_EL1) ?? BigInt((id & 0xf) | (((id >> 4) & 0xff) << 8)))
  return (mpidr & 0xff_ffffn) | ((mpidr >> 8n) & 0xff00_0000n)
}
