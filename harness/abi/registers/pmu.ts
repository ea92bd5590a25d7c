/** The registers of a PMU. */
import { arm64SysReg } from '../../names/index.ts'

const ranges: readonly (readonly [first: bigint, last: bigint])[] = [
  [arm64SysReg(3, 0, 9, 0, 0), arm64SysReg(3, 0, 9, 15, 7)],
  [arm64SysReg(3, 3, 9, 0, 0), arm64SysReg(3, 3, 9, 15, 7)],
  [arm64SysReg(3, 3, 14, 8, 0), arm64SysReg(3, 3, 14, 15, 7)],
]

/** True for a register that controls a PMU or counts. */
export const isOfPmu = (id: bigint): boolean => ranges.some(([first, last]) => first <= id && id <= last)

export const PMCR_EL0 = arm64SysReg(3, 3, 9, 12, 0)

/** PMCNTENSET_EL0, PMOVSSET_EL0 and PMINTENSET_EL1, each with the one that clears its bits. */
export const pairs = [
  { set: arm64SysReg(3, 3, 9, 12, 1), clear: arm64SysReg(3, 3, 9, 12, 2) },
  { set: arm64SysReg(3, 3, 9, 14, 3), clear: arm64SysReg(3, 3, 9, 12, 3) },
  { set: arm64SysReg(3, 0, 9, 14, 1), clear: arm64SysReg(3, 0, 9, 14, 2) },
] as const

/** PMCR_EL0.N: how many event counters there are. */
export const nOf = (pmcr: bigint): number => Number((pmcr >> 11n) & 31n)
export const withN = (pmcr: bigint, n: number): bigint => (pmcr & ~(31n << 11n)) | (BigInt(n) << 11n)

/** The cycle counter, and as many event counters as PMCR_EL0.N says. */
export const countersOf = (pmcr: bigint): bigint => (1n << 31n) | ((1n << BigInt(nOf(pmcr))) - 1n)
