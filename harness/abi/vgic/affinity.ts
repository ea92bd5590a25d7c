/** Which vcpu the upper half of an attribute names. */
import type { Vcpu } from '../../model/vcpu.ts'
import { MPIDR_EL1, resetMpidr } from '../registers/mpidr.ts'

/** Aff3 to Aff0 as an attribute and GICR_TYPER have them: all 0 until KVM_ARM_VCPU_INIT, which sets MPIDR_EL1. */
export const affinityOf = ({ id, initialised, regs }: Vcpu): bigint => {
  const mpidr = initialised ? (regs.get(MPIDR_EL1) ?? resetMpidr(id)) : 0n
  return (mpidr & 0xff_ffffn) | ((mpidr >> 8n) & 0xff00_0000n)
}
