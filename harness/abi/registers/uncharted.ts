/** Registers of which nobody has looked what kernels answer: those of a VM with a capability that changes them. */
import { reached } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { arm64SysReg, features } from '../../names/index.ts'
import type { OneReg } from './one-reg.ts'
import { isOfPmu } from './pmu.ts'

/** MIDR_EL1, REVIDR_EL1 and AIDR_EL1. */
const implementation = new Set([arm64SysReg(3, 0, 0, 0, 0), arm64SysReg(3, 0, 0, 0, 6), arm64SysReg(3, 1, 0, 0, 7)])

/** In a VM with MTE there are more registers, and ID_AA64PFR1_EL1 is another. */
export const isOfMte = ({ vm }: Here): boolean => vm.hasMte === true

/**
 * The PMU of a VM with KVM_ARM_VCPU_PMU_V3_STRICT is made by KVM_ARM_VCPU_PMU_V3_SET_PMU, which changes its registers.
 * Before 7.3 the bit is no such feature; a proposal of then has another by that number.
 */
export const isStrict = ({ world, vm }: Here): boolean =>
  reached(world.release, '7.3') && ((vm.features ?? 0) & (1 << features.KVM_ARM_VCPU_PMU_V3_STRICT)) !== 0

/** All of a VM with MTE, those of a strict PMU, and those that KVM_CAP_ARM_WRITABLE_IMP_ID_REGS makes writable. */
export const isUncharted = (here: Here, { id }: OneReg): boolean =>
  isOfMte(here)
  || (isStrict(here) && isOfPmu(id))
  || (here.vm.hasWritableImplementation === true && implementation.has(id))
