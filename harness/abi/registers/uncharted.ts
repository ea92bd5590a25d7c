/** Registers of which nobody has looked what kernels answer: those of a VM with a capability that changes them. */
import type { Here } from '../../model/world.ts'
import { arm64SysReg } from '../../names/index.ts'
import type { OneReg } from './one-reg.ts'

/** MIDR_EL1, REVIDR_EL1 and AIDR_EL1. */
const implementation = new Set([arm64SysReg(3, 0, 0, 0, 0), arm64SysReg(3, 0, 0, 0, 6), arm64SysReg(3, 1, 0, 0, 7)])

/** In a VM with MTE there are more registers, and ID_AA64PFR1_EL1 is another. */
export const isOfMte = ({ vm }: Here): boolean => vm.hasMte === true

/** The same, and those that KVM_CAP_ARM_WRITABLE_IMP_ID_REGS makes writable. */
export const isUncharted = (here: Here, { id }: OneReg): boolean =>
  isOfMte(here) || (here.vm.hasWritableImplementation === true && implementation.has(id))
