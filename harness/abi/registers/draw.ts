/** Which registers and values are drawn at random: those that exist, their neighbours, and ids that are wrong in one field. */
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

/** A register and a value for it; what `relative` means says NewValue in one-reg.ts. */
export interface Setting {
  id: bigint
  value: bigint
  relative?: true
}

const { KVM_REG_ARM64, KVM_REG_SIZE_MASK, KVM_REG_SIZE_SHIFT, KVM_REG_ARM64_SVE, KVM_REG_ARM_CORE } = regs
const upTo = (n: number) => [...Array(n).keys()]
const pick = (ids: readonly bigint[]): fc.Arbitrary<bigint> => fc.constantFrom(...ids)
const one = (width: number): fc.Arbitrary<bigint> => fc.nat(width - 1).map((n) => 1n << BigInt(n))
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n

const few = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constantFrom(0n, 1n, ones(bits), 0x1234_5678_9abc_def0n & ones(bits)), one(bits))

const core = (name: string): bigint => coreRegs.get(name)!
const integers = upTo(31).map((n) => core(`regs.regs[${n}]`))
const vectors = upTo(32).map((n) => core(`fp_regs.vregs[${n}]`))
const PSTATE = core('regs.pstate')
const words = [
  core('regs.sp'),
  core('regs.pc'),
  core('sp_el1'),
  core('elr_el1'),
  ...upTo(5).map((n) => core(`spsr[${n}]`)),
]

const zRegs = upTo(32).map((n) => sveZReg(n, 0))
const pRegs = [...upTo(16).map((n) => svePReg(n, 0)), sveFfr(0)]
/** The first vector lengths of a host with 1 to 16 quadwords: what such a host accepts. */
const lengths: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 17 }).map(ones), weight: 4 },
  { arbitrary: fc.constantFrom(1n, 3n, 0xbn, 0xfn), weight: 3 },
  { arbitrary: fc.constantFrom(0n, 5n, ones(512), 1n << 16n, 1n << 511n), weight: 2 },
)

const bitmaps = upTo(5).map(fwBmapReg)
const workarounds = [fwReg(1), fwReg(2), fwReg(3)]
const psciVersions = fc.constantFrom(0n, 1n, 2n, 3n, 0x10000n, 0x10001n, 0x10002n, 0x10003n, 0x10004n, ones(64))

const idRegs = [
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
const stateRegs = [
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
const pmuRegs = [
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
const timers = Object.entries(namedRegs)
  .filter(([name]) => name.includes('TIMER'))
  .map(([, id]) => id)
const demux = upTo(16).map(demuxCcsidr)

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

const set = (ids: readonly bigint[], value: fc.Arbitrary<bigint>): fc.Arbitrary<Setting> =>
  fc.tuple(pick(ids), value).map(([id, v]) => ({ id, value: v }))
/** What the host gives a register, alone or with one bit flipped: its kinds of values that are recorded for any register. */
const nearReset = (ids: readonly bigint[], bits: number): fc.Arbitrary<Setting> =>
  fc.oneof(
    {
      arbitrary: fc
        .tuple(pick(ids), fc.oneof({ arbitrary: fc.constant(0n), weight: 1 }, { arbitrary: one(bits), weight: 3 }))
        .map(([id, value]): Setting => ({ id, value, relative: true })),
      weight: 4,
    },
    { arbitrary: set(ids, fc.constantFrom(0n, ones(bits))), weight: 1 },
  )

const modes = fc
  .tuple(fc.oneof(fc.nat(31), fc.constantFrom(0, 4, 5, 0x10, 0x13)), fc.constantFrom(0, 0x3c0, 0xf000_0000))
  .map(([mode, rest]) => BigInt(mode | rest) & ones(32))

/** Any register with a value that is drawn for it. */
export const anySetting: fc.Arbitrary<Setting> = fc.oneof(
  { arbitrary: set([...integers.slice(0, 3), integers[15]!, integers[30]!, ...words], few(64)), weight: 4 },
  { arbitrary: set([PSTATE], modes), weight: 3 },
  { arbitrary: set([vectors[0]!, vectors[31]!], few(128)), weight: 1 },
  { arbitrary: set([core('fp_regs.fpsr'), core('fp_regs.fpcr')], few(32)), weight: 1 },
  { arbitrary: set([zRegs[0]!, zRegs[31]!], few(2048)), weight: 2 },
  { arbitrary: set([pRegs[0]!, pRegs[15]!, pRegs[16]!], few(256)), weight: 2 },
  { arbitrary: set([namedRegs.KVM_REG_ARM64_SVE_VLS], lengths), weight: 6 },
  { arbitrary: set([fwReg(0)], psciVersions), weight: 2 },
  {
    arbitrary: set(
      workarounds,
      fc.oneof(fc.integer({ min: 0, max: 0x1f }).map(BigInt), fc.constantFrom(ones(64), 1n << 32n)),
    ),
    weight: 2,
  },
  {
    arbitrary: set(bitmaps, fc.oneof(fc.integer({ min: 0, max: 4 }).map(BigInt), fc.constantFrom(ones(64), 1n << 63n))),
    weight: 3,
  },
  { arbitrary: nearReset([...idRegs, ...stateRegs, ...pmuRegs], 64), weight: 8 },
  { arbitrary: nearReset(demux, 32), weight: 2 },
  { arbitrary: nearReset(timers, 64), weight: 2 },
  {
    arbitrary: fc.tuple(anyReg, fc.constantFrom(0n)).map(([id]): Setting => ({ id, value: 0n, relative: true })),
    weight: 6,
  },
)
