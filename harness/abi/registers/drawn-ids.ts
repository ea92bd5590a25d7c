/** Which register ids are drawn at random: those that exist, their neighbours, and ids that are wrong in one field. */
import fc from 'fast-check'
import {
  arm64SysReg,
  coreRegs,
  demuxCcsidr,
  fwBmapReg,
  fwReg,
  namedRegs,
  regs,
  sveFfr,
  svePReg,
  sveZReg,
} from '../../names/index.ts'

const { KVM_REG_ARM64, KVM_REG_SIZE_MASK, KVM_REG_SIZE_SHIFT, KVM_REG_ARM64_SVE, KVM_REG_ARM_CORE } = regs
const upTo = (n: number) => [...Array(n).keys()]
export const pick = (ids: readonly bigint[]): fc.Arbitrary<bigint> => fc.constantFrom(...ids)
export const core = (name: string): bigint => coreRegs.get(name)!
export const integers = upTo(31).map((n) => core(`regs.regs[${n}]`))
export const vectors = upTo(32).map((n) => core(`fp_regs.vregs[${n}]`))
export const PSTATE = core('regs.pstate')
export const words = [
  core('regs.sp'),
  core('regs.pc'),
  core('sp_el1'),
  core('elr_el1'),
  ...upTo(5).map((n) => core(`spsr[${n}]`)),
]

export const zRegs = upTo(32).map((n) => sveZReg(n, 0))
export const pRegs = [...upTo(16).map((n) => svePReg(n, 0)), sveFfr(0)]
export const bitmaps = upTo(5).map(fwBmapReg)
export const workarounds = [fwReg(1), fwReg(2), fwReg(3)]
export const idRegs = [
  arm64SysReg(3, 0, 0, 0, 0),
  arm64SysReg(3, 0, 0, 0, 6),
  arm64SysReg(3, 1, 0, 0, 7), // MIDR_EL1, REVIDR_EL1, AIDR_EL1
  arm64SysReg(3, 0, 0, 1, 0),
  arm64SysReg(3, 0, 0, 1, 2),
  arm64SysReg(3, 0, 0, 2, 0),
  arm64SysReg(3, 0, 0, 2, 7),
  arm64SysReg(3, 0, 0, 4, 0),
  arm64SysReg(3, 0, 0, 4, 1),
  arm64SysReg(3, 0, 0, 4, 2),
  arm64SysReg(3, 0, 0, 4, 4),
  arm64SysReg(3, 0, 0, 4, 5),
  arm64SysReg(3, 0, 0, 5, 0),
  arm64SysReg(3, 0, 0, 5, 1),
  arm64SysReg(3, 0, 0, 6, 0),
  arm64SysReg(3, 0, 0, 6, 1),
  arm64SysReg(3, 0, 0, 6, 2),
  arm64SysReg(3, 0, 0, 7, 0),
  arm64SysReg(3, 0, 0, 7, 1),
  arm64SysReg(3, 0, 0, 7, 2),
  arm64SysReg(3, 0, 0, 7, 6),
  arm64SysReg(3, 1, 0, 0, 1),
  arm64SysReg(3, 3, 0, 0, 1), // …, CLIDR_EL1, CTR_EL0
]
/** All registers in which a CPU tells what it has. */
export const allIdRegs = [
  arm64SysReg(3, 0, 0, 0, 0),
  arm64SysReg(3, 0, 0, 0, 6),
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((crm) => upTo(8).map((op2) => arm64SysReg(3, 0, 0, crm, op2))),
  arm64SysReg(3, 1, 0, 0, 1),
  arm64SysReg(3, 1, 0, 0, 7),
  arm64SysReg(3, 3, 0, 0, 1),
]
export const stateRegs = [
  arm64SysReg(3, 0, 0, 0, 5),
  arm64SysReg(3, 0, 1, 0, 0),
  arm64SysReg(3, 0, 1, 0, 1),
  arm64SysReg(3, 0, 1, 0, 2), // MPIDR, SCTLR, ACTLR, CPACR
  arm64SysReg(3, 0, 1, 2, 0), // ZCR_EL1, with SVE
  arm64SysReg(3, 0, 2, 0, 0),
  arm64SysReg(3, 0, 2, 0, 2),
  arm64SysReg(3, 0, 5, 2, 0),
  arm64SysReg(3, 0, 6, 0, 0),
  arm64SysReg(3, 0, 10, 2, 0),
  arm64SysReg(3, 0, 12, 0, 0),
  arm64SysReg(3, 3, 13, 0, 2),
  arm64SysReg(3, 2, 0, 0, 0),
  arm64SysReg(3, 0, 2, 1, 0),
  arm64SysReg(3, 0, 2, 3, 1), // APIAKEYLO_EL1, APGAKEYHI_EL1, with PTRAUTH
  arm64SysReg(2, 0, 0, 0, 4),
  arm64SysReg(2, 0, 0, 1, 5),
  arm64SysReg(2, 0, 0, 2, 2),
  arm64SysReg(2, 0, 1, 1, 4), // DBGBVR0…, OSLSR
  arm64SysReg(3, 4, 3, 0, 0),
  arm64SysReg(3, 4, 5, 0, 1),
  arm64SysReg(3, 4, 5, 3, 0), // DACR32, IFSR32, FPEXC32
]
export const pmuRegs = [
  arm64SysReg(3, 3, 9, 12, 0),
  arm64SysReg(3, 3, 9, 12, 1),
  arm64SysReg(3, 3, 9, 12, 2),
  arm64SysReg(3, 3, 9, 12, 3),
  arm64SysReg(3, 3, 9, 12, 5),
  arm64SysReg(3, 0, 9, 14, 1),
  arm64SysReg(3, 3, 9, 14, 0),
  arm64SysReg(3, 3, 14, 8, 0),
  arm64SysReg(3, 3, 14, 12, 0),
  arm64SysReg(3, 3, 14, 15, 7),
]
const unknownRegs = [
  arm64SysReg(0, 0, 0, 0, 0),
  arm64SysReg(1, 0, 7, 6, 1),
  arm64SysReg(3, 7, 15, 15, 7),
  arm64SysReg(3, 4, 1, 1, 0), // …, HCR_EL2
  arm64SysReg(3, 0, 12, 12, 5),
  arm64SysReg(3, 0, 15, 0, 0),
]
export const timers = Object.entries(namedRegs)
  .filter(([name]) => name.includes('TIMER'))
  .map(([, id]) => id)
export const demux = upTo(16).map(demuxCcsidr)

const plainIds = pick([
  ...integers.slice(0, 3),
  integers[15]!,
  integers[30]!,
  PSTATE,
  PSTATE,
  ...words,
  vectors[0]!,
  vectors[31]!,
  core('fp_regs.fpsr'),
  core('fp_regs.fpcr'),
  zRegs[0]!,
  zRegs[31]!,
  pRegs[0]!,
  pRegs[15]!,
  pRegs[16]!,
  namedRegs.KVM_REG_ARM64_SVE_VLS,
  namedRegs.KVM_REG_ARM64_SVE_VLS,
  namedRegs.KVM_REG_ARM64_SVE_VLS,
  fwReg(0),
  fwReg(0),
  ...workarounds,
  ...bitmaps,
  ...idRegs,
  ...stateRegs,
  ...pmuRegs,
  ...unknownRegs,
  ...timers,
  ...demux,
])

const withSize = (id: bigint, code: number): bigint => (id & ~KVM_REG_SIZE_MASK) | (BigInt(code) << KVM_REG_SIZE_SHIFT)
const wrongSize = fc.tuple(plainIds, fc.nat(15)).map(([id, code]) => withSize(id, code))
const strayBit = fc
  .tuple(plainIds, fc.oneof(fc.integer({ min: 8, max: 51 }), fc.integer({ min: 56, max: 63 })))
  .map(([id, bit]) => id ^ (1n << BigInt(bit)))
/** Ids by number where every number is judged: the words of kvm_regs, the SVE space, coprocessors nobody has. */
const byNumber = fc.oneof(
  fc
    .tuple(fc.nat(0xdf), fc.integer({ min: 2, max: 4 }))
    .map(([word, code]) => withSize(KVM_REG_ARM64 | KVM_REG_ARM_CORE | BigInt(word), code)),
  fc
    .tuple(
      fc.constantFrom(0x1f, 0x20, 0x3e0, 0x3ff, 0x400, 0x5ff, 0x600, 0x61f, 0x620, 0x7ff, 0x8000, 0xfffe, 0xffff),
      fc.constantFrom(5, 6, 8),
    )
    .map(([n, code]) => withSize(KVM_REG_ARM64 | KVM_REG_ARM64_SVE | BigInt(n), code)),
  fc.tuple(fc.nat(31), fc.nat(31)).map(([n, slice]) => sveZReg(n, slice)),
  fc.tuple(fc.nat(15), fc.nat(31)).map(([n, slice]) => svePReg(n, slice)),
  fc.nat(31).map(sveFfr),
  fc
    .tuple(fc.integer({ min: 0, max: 0x20 }), fc.constantFrom(0n, 1n))
    .map(([group, low]) => KVM_REG_ARM64 | withSize(0n, 3) | (BigInt(group) << 16n) | low),
  fc.integer({ min: 4, max: 0x105 }).map((n) => fwReg(n)),
  fc.integer({ min: 0, max: 0xff }).map((n) => demuxCcsidr(n) | 0x100n),
)

/** Any register id. */
export const anyReg: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: plainIds, weight: 10 },
  { arbitrary: wrongSize, weight: 1 },
  { arbitrary: strayBit, weight: 1 },
  { arbitrary: byNumber, weight: 2 },
)
