/** Which values are drawn at random for which registers. */
import fc from 'fast-check'
import { fwReg, namedRegs } from '../../names/index.ts'
import {
  anyReg,
  integers,
  vectors,
  PSTATE,
  words,
  zRegs,
  pRegs,
  bitmaps,
  workarounds,
  allIdRegs,
  idRegs,
  stateRegs,
  pmuRegs,
  timers,
  demux,
  core,
  pick,
} from './drawn-ids.ts'

/** A register and a value for it; what `relative` means says NewValue in one-reg.ts. */
export interface Setting {
  id: bigint
  value: bigint
  relative?: true
}

const one = (width: number): fc.Arbitrary<bigint> => fc.nat(width - 1).map((n) => 1n << BigInt(n))
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n

const few = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constantFrom(0n, 1n, ones(bits), 0x1234_5678_9abc_def0n & ones(bits)), one(bits))

/** The first vector lengths of a host with 1 to 16 quadwords: what such a host accepts. */
const lengths: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 17 }).map(ones), weight: 4 },
  { arbitrary: fc.constantFrom(1n, 3n, 0xbn, 0xfn), weight: 3 },
  { arbitrary: fc.constantFrom(0n, 5n, ones(512), 1n << 16n, 1n << 511n), weight: 2 },
)

const psciVersions = fc.constantFrom(0n, 1n, 2n, 3n, 0x10000n, 0x10001n, 0x10002n, 0x10003n, 0x10004n, ones(64))

const set = (ids: readonly bigint[], value: fc.Arbitrary<bigint>): fc.Arbitrary<Setting> =>
  fc.tuple(pick(ids), value).map(([id, v]) => ({ id, value: v }))
/**
 * What the host gives a register, alone or with one bit flipped: its kinds of values that are recorded for any
 * register.
 */
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

/**
 * Several fields of four bits flipped in what the host gives a register: some by one, all the way, to another value, or
 * by the lowest bit that a field is likely to have.
 */
const severalFields: fc.Arbitrary<Setting> = fc
  .tuple(
    pick(allIdRegs),
    fc.array(fc.tuple(fc.nat(15), fc.oneof(fc.constantFrom(1n, 2n, 3n, 15n), fc.bigInt({ min: 1n, max: 15n }))), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([id, fields]): Setting => {
    const value = fields.reduce((flipped, [field, bits]) => flipped ^ (bits << BigInt(4 * field)), 0n)
    return { id, value, relative: true }
  })

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
  { arbitrary: severalFields, weight: 3 },
  { arbitrary: nearReset(demux, 32), weight: 2 },
  { arbitrary: nearReset(timers, 64), weight: 2 },
  {
    arbitrary: fc.tuple(anyReg, fc.constantFrom(0n)).map(([id]): Setting => ({ id, value: 0n, relative: true })),
    weight: 6,
  },
)
