/** Which registers of interrupt controllers are drawn at random: those that are there, and any other offset. */
import fc from 'fast-check'
import { vgicGroups } from '../../names/index.ts'
import { gicc, gicd, gicdV2, gicr, gits, icc } from '../../names/gic-registers.ts'
import { sizeOfValue, type Attr, type Verb } from './attr.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS: CPU_REGS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
} = vgicGroups

/** A register of `unit` bytes somewhere in one of the ranges; each range is as likely as any other. */
const among = (ranges: readonly (readonly [number, number])[], unit: number): fc.Arbitrary<number> =>
  fc
    .constantFrom(...ranges)
    .chain(([at, size]) => fc.nat(Math.max(Math.ceil(size / unit) - 1, 0)).map((n) => at + n * unit))

/** Mostly one that is there, sometimes any of the frame, of no register, or not even in the frame. */
const offset = (there: fc.Arbitrary<number>, frame: number): fc.Arbitrary<bigint> =>
  fc
    .oneof(
      { arbitrary: there, weight: 12 },
      { arbitrary: fc.nat(frame / 4 - 1).map((n) => n * 4), weight: 3 },
      { arbitrary: fc.tuple(there, fc.integer({ min: 1, max: 3 })).map(([at, odd]) => at + odd), weight: 1 },
      { arbitrary: fc.nat({ max: 0xffff_ffff }), weight: 1 },
    )
    .map(BigInt)

/** The vcpu of the attribute's upper half: ids and affinities are small; and some that no vcpu has. */
const cpu = fc
  .oneof(
    { arbitrary: fc.constant(0n), weight: 6 },
    { arbitrary: fc.bigInt({ min: 1n, max: 7n }), weight: 3 },
    { arbitrary: fc.bigInt({ min: 0n, max: 0xffff_ffffn }), weight: 1 },
  )
  .map((n) => n << 32n)

const ofCpu = (register: fc.Arbitrary<bigint>) => fc.tuple(cpu, register).map(([which, at]) => which | at)

const attrs: Record<number, fc.Arbitrary<bigint>> = {
  [DIST_REGS]: ofCpu(offset(among([...Object.values(gicd), ...Object.values(gicdV2)], 4), 0x1_0000)),
  [CPU_REGS]: ofCpu(offset(among(Object.values(gicc), 4), 0x2000)),
  [REDIST_REGS]: ofCpu(offset(among(Object.values(gicr), 4), 0x2_0000)),
  [CPU_SYSREGS]: ofCpu(
    fc
      .oneof(
        { arbitrary: fc.constantFrom(...Object.values(icc)), weight: 6 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom(icc.ICC_AP0R0_EL1, icc.ICC_AP1R0_EL1), fc.nat(3))
            .map(([at, n]) => at + n),
          weight: 2,
        },
        { arbitrary: fc.nat(0xffff), weight: 1 },
        { arbitrary: fc.nat({ max: 0xffff_ffff }), weight: 1 },
      )
      .map(BigInt),
  ),
  [LEVEL_INFO]: ofCpu(
    fc
      .oneof(
        { arbitrary: fc.nat(31).map((n) => n * 32), weight: 6 },
        { arbitrary: fc.nat(0x3ff), weight: 1 },
        { arbitrary: fc.constantFrom(0x400, 0x401), weight: 1 },
        { arbitrary: fc.nat({ max: 0xffff_ffff }), weight: 1 },
      )
      .map(BigInt),
  ),
  [ITS_REGS]: offset(
    fc.oneof(
      { arbitrary: among(Object.values(gits), 8), weight: 2 },
      { arbitrary: among([gits.GITS_CTLR, gits.GITS_IIDR, gits.GITS_IDREGS], 4), weight: 1 },
    ),
    0x1_0000,
  ),
}

/** Values of that many bits: none, all, a single bit, a few low ones, and any. */
const valueOf = (bits: number): fc.Arbitrary<bigint> => {
  const all = (1n << BigInt(bits)) - 1n
  return fc.oneof(
    fc.constantFrom(0n, all, 1n << BigInt(bits - 1)),
    fc.nat(bits - 1).map((n) => 1n << BigInt(n)),
    fc.nat(0xff).map(BigInt),
    fc.bigInt({ min: 0n, max: all }),
    // What identifies a distributor, but for its revision.
    fc.nat(4).map((revision) => 0x4b00_043bn | (BigInt(revision) << 12n)),
  )
}

/** An attribute of a register group, with a value where there is one. */
export const anyRegister = (verb: Verb): fc.Arbitrary<Attr> =>
  fc
    .constantFrom(...Object.keys(attrs).map(Number))
    .chain((group) =>
      fc
        .tuple(attrs[group]!, verb === 'set' ? valueOf(sizeOfValue({ group, attr: 0n }) * 8) : fc.constant(0n))
        .map(([attr, value]): Attr => ({ group, attr, ...(verb !== 'has' && { value }) })),
    )
