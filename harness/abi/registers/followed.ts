/** The registers whose values are known although the guest has run, where it is one of the programs. */
import { arm64SysReg, coreRegs } from '../../names/index.ts'

const core = (name: string): bigint => coreRegs.get(name)!

export const X_IDS: readonly bigint[] = Array.from({ length: 31 }, (_, n) => core(`regs.regs[${n}]`))

export const followed = {
  pc: core('regs.pc'),
  pstate: core('regs.pstate'),
  esr: arm64SysReg(3, 0, 5, 2, 0),
  far: arm64SysReg(3, 0, 6, 0, 0),
  elr: core('elr_el1'),
  spsr: core('spsr[0]'),
} as const

const ids: ReadonlySet<bigint> = new Set([...X_IDS, ...Object.values(followed)])

/** Whether the table follows what a guest does to the register. */
export const isFollowed = (id: bigint): boolean => ids.has(id)
