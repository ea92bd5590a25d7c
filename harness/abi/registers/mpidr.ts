/** MPIDR_EL1, by which vcpus know each other. */
import { arm64SysReg } from '../../names/index.ts'

export const MPIDR_EL1 = arm64SysReg(3, 0, 0, 0, 5)

/** What KVM_ARM_VCPU_INIT puts into it for a vcpu of this id: sixteen to a cluster. */
export const resetMpidr = (id: number): bigint =>
  0x8000_0000n | BigInt(id & 15) | (BigInt((id >> 4) & 0xff) << 8n) | (BigInt((id >> 12) & 0xff) << 16n)
