/** Register ids as text, spelt as in asm/kvm.h, and back. */
import { UserError } from '../process/user-error.ts'
import { didYouMean } from '../process/nearest.ts'
import { quoted } from '../process/visible.ts'
import {
  arm64SysReg,
  coreReg,
  demuxCcsidr,
  fwBmapReg,
  fwReg,
  namedRegs,
  regs,
  sveFfr,
  svePReg,
  sveZReg,
} from './registers.ts'
import { structs } from './structs.ts'

const upTo = (n: number) => [...Array(n).keys()]

/** Every core register by its name in C: one per integer, vector or status register of struct kvm_regs. */
export const coreRegs: ReadonlyMap<string, bigint> = (() => {
  const { kvm_regs, user_pt_regs, user_fpsimd_state } = structs
  const fp = kvm_regs.fields.fp_regs[0]
  const array = (name: string, at: number, each: number, count: number) =>
    upTo(count).map((i): [string, bigint] => [`${name}[${i}]`, coreReg(at + i * each, each)])
  return new Map([
    ...array('regs.regs', 0, 8, 31),
    ['regs.sp', coreReg(user_pt_regs.fields.sp[0], 8)],
    ['regs.pc', coreReg(user_pt_regs.fields.pc[0], 8)],
    ['regs.pstate', coreReg(user_pt_regs.fields.pstate[0], 8)],
    ['sp_el1', coreReg(kvm_regs.fields.sp_el1[0], 8)],
    ['elr_el1', coreReg(kvm_regs.fields.elr_el1[0], 8)],
    ...array('spsr', kvm_regs.fields.spsr[0], 8, 5),
    ...array('fp_regs.vregs', fp, 16, 32),
    ['fp_regs.fpsr', coreReg(fp + user_fpsimd_state.fields.fpsr[0], 4)],
    ['fp_regs.fpcr', coreReg(fp + user_fpsimd_state.fields.fpcr[0], 4)],
  ])
})()

const SLICES = Number(regs.KVM_ARM64_SVE_MAX_SLICES)

const names: ReadonlyMap<bigint, string> = new Map([
  ...[...coreRegs].map(([name, id]): [bigint, string] => [id, `KVM_REG_ARM_CORE_REG(${name})`]),
  ...upTo(SLICES).flatMap((i) => [
    ...upTo(32).map((n): [bigint, string] => [sveZReg(n, i), `KVM_REG_ARM64_SVE_ZREG(${n}, ${i})`]),
    ...upTo(16).map((n): [bigint, string] => [svePReg(n, i), `KVM_REG_ARM64_SVE_PREG(${n}, ${i})`]),
    [sveFfr(i), `KVM_REG_ARM64_SVE_FFR(${i})`] as [bigint, string],
  ]),
  ...upTo(0x100).map((n): [bigint, string] => [demuxCcsidr(n), `KVM_REG_ARM_DEMUX_ID_CCSIDR(${n})`]),
  ...Object.entries(namedRegs).map(([name, id]): [bigint, string] => [id, name]),
])

const inSysReg = (low: number) => [low >> 14, (low >> 11) & 7, (low >> 7) & 15, (low >> 3) & 15, low & 7].join(', ')

const families = new Map<bigint, (low: number) => string>([
  [arm64SysReg(0, 0, 0, 0, 0) >> 16n, (low) => `ARM64_SYS_REG(${inSysReg(low)})`],
  [fwReg(0) >> 16n, (low) => `KVM_REG_ARM_FW_REG(${low})`],
  [fwBmapReg(0) >> 16n, (low) => `KVM_REG_ARM_FW_FEAT_BMAP_REG(${low})`],
])

/**
 * The kernel's spelling of a register id, such as `KVM_REG_ARM64_SVE_VLS` or `ARM64_SYS_REG(3, 0, 0, 0, 5)`. An id that
 * no macro of asm/kvm.h gives (a wrong size, a reserved bit) comes back as 16 hex digits with 0x.
 */
export const regName = (id: bigint): string =>
  names.get(id) ?? families.get(id >> 16n)?.(Number(id & 0xffffn)) ?? `0x${id.toString(16).padStart(16, '0')}`

/** The macros that take numbers. */
const makers: Record<string, (...n: number[]) => bigint> = {
  ARM64_SYS_REG: arm64SysReg,
  KVM_REG_ARM64_SVE_ZREG: sveZReg,
  KVM_REG_ARM64_SVE_PREG: svePReg,
  KVM_REG_ARM64_SVE_FFR: sveFfr,
  KVM_REG_ARM_DEMUX_ID_CCSIDR: demuxCcsidr,
  KVM_REG_ARM_FW_REG: fwReg,
  KVM_REG_ARM_FW_FEAT_BMAP_REG: fwBmapReg,
}

/** pc, PSTATE, and x0 to x30, as regName calls them. */
export const PC = 'KVM_REG_ARM_CORE_REG(regs.pc)'
export const PSTATE = 'KVM_REG_ARM_CORE_REG(regs.pstate)'
export const X = (n: number): string => `KVM_REG_ARM_CORE_REG(regs.regs[${n}])`

const byName: ReadonlyMap<string, bigint> = new Map([...names].map(([id, name]) => [name, id]))

/**
 * The id that a text names: any spelling regName gives, one it does not choose (`KVM_REG_ARM_FW_REG(0)`), or up to 16
 * hex digits with 0x. Throws UserError for everything else.
 */
export const parseReg = (text: string): bigint => {
  const known = byName.get(text)
  if (known !== undefined) return known
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text)
  const [, macro = '', list = ''] = /^(\w+)\((\d+(?:, ?\d+)*)\)$/.exec(text) ?? []
  const make = Object.hasOwn(makers, macro) ? makers[macro] : undefined
  if (!make) {
    throw new UserError(
      `no register is called ${quoted(text)}: write it as asm/kvm.h does, such as KVM_REG_ARM64_SVE_VLS, `
        + `KVM_REG_ARM_CORE_REG(regs.pc) or ARM64_SYS_REG(3, 0, 0, 0, 5), or as a hex id${didYouMean(text, byName.keys())}`,
    )
  }
  const numbers = list.split(',').map(Number)
  if (numbers.length !== make.length) throw new UserError(`${quoted(text)}: ${macro} takes ${make.length} numbers`)
  return make(...numbers)
}
