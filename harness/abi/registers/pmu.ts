/** The registers of a PMU. */
import { arm64SysReg } from '../../names/index.ts'

const ranges: readonly (readonly [first: bigint, last: bigint])[] = [
  [arm64SysReg(3, 0, 9, 0, 0), arm64SysReg(3, 0, 9, 15, 7)],
  [arm64SysReg(3, 3, 9, 0, 0), arm64SysReg(3, 3, 9, 15, 7)],
  [arm64SysReg(3, 3, 14, 8, 0), arm64SysReg(3, 3, 14, 15, 7)],
]

/** True for a register that controls a PMU or counts. */
export const isOfPmu = (id: bigint): boolean => ranges.some(([first, last]) => first <= id && id <= last)
