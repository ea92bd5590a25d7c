/** Registers that make up the interrupt of a PMU, as traces call them. */
import { pairs, PMCR_EL0 } from '../harness/abi/registers/pmu.ts'
import { regName } from '../harness/names/index.ts'

const [counting, overflown, interrupts] = pairs

export const PMCR = regName(PMCR_EL0)
export const OVSSET = regName(overflown.set)
export const OVSCLR = regName(overflown.clear)
export const INTENSET = regName(interrupts.set)
export const INTENCLR = regName(interrupts.clear)
export const CNTENSET = regName(counting.set)
export const CNTENCLR = regName(counting.clear)
