/** Register ids as they were first proposed: an architecture in bits 63 to 60, and no size. */
import fc from 'fast-check'
import { anyReg } from '../../../abi/registers/drawn-ids.ts'
import { hex, readNumber, unsigned, type Scalar } from '../../../model/scalar.ts'
import { parseReg, regName, regs } from '../../../names/index.ts'

const ARCHITECTURE = 60n
const MIDDLE = 32n
const LOW = 0xffff_ffffn

/** Bits 63 to 60, as the patch has them. */
const architectures: Readonly<Record<string, bigint>> = {
  KVM_ONE_REG_GENERIC: 0n << ARCHITECTURE,
  KVM_ONE_REG_PPC: 1n << ARCHITECTURE,
  KVM_ONE_REG_X86: 2n << ARCHITECTURE,
  KVM_ONE_REG_IA64: 3n << ARCHITECTURE,
  KVM_ONE_REG_ARM: 4n << ARCHITECTURE,
  KVM_ONE_REG_S390: 5n << ARCHITECTURE,
}
export const GENERIC = architectures.KVM_ONE_REG_GENERIC!
export const ARM = architectures.KVM_ONE_REG_ARM!

export const architectureOf = (id: bigint): bigint => (id >> ARCHITECTURE) << ARCHITECTURE
/** Bits 59 to 32, in which the patch has nothing. */
export const middleOf = (id: bigint): bigint => (id >> MIDDLE) & ((1n << (ARCHITECTURE - MIDDLE)) - 1n)
/** Bits 31 to 0: where shipped ids have group and number. */
export const lowOf = (id: bigint): bigint => id & LOW

const sizes = [
  regs.KVM_REG_SIZE_U32,
  regs.KVM_REG_SIZE_U64,
  regs.KVM_REG_SIZE_U128,
  regs.KVM_REG_SIZE_U256,
  regs.KVM_REG_SIZE_U512,
  regs.KVM_REG_SIZE_U2048,
]
/** The name of a register of arm64 that has these low bits, whatever its size; undefined where there is none. */
const nameOfLow = (low: bigint): string | undefined =>
  sizes.map((size) => regName(regs.KVM_REG_ARM64 | size | low)).find((name) => !name.startsWith('0x'))

const parsePart = (text: string): bigint =>
  Object.hasOwn(architectures, text)
    ? architectures[text]!
    : /^-?\d/.test(text)
      ? readNumber(text, 'id', unsigned(64))
      : ARM | lowOf(parseReg(text))

/** Real registers, ids next to them, other architectures, and bits where the patch has none. */
const any: fc.Arbitrary<bigint> = fc
  .tuple(
    anyReg,
    fc.oneof(
      { arbitrary: fc.constant(ARM), weight: 16 },
      { arbitrary: fc.integer({ min: 0, max: 15 }).map((n) => BigInt(n) << ARCHITECTURE), weight: 1 },
    ),
    fc.oneof(
      { arbitrary: fc.constant(0n), weight: 8 },
      { arbitrary: fc.constantFrom(1n, 1n, 2n, 3n, 7n, 15n, 31n, 32n, (1n << 28n) - 1n), weight: 3 },
    ),
  )
  .map(([reg, architecture, middle]) => architecture | (middle << MIDDLE) | lowOf(reg))

/**
 * `KVM_REG_ARM_CORE_REG(regs.pc)`, which names the architecture as well, or `KVM_ONE_REG_PPC | 0x1`: parts joined by |.
 * Registers of arm64 have the names with which they shipped, and not the sizes.
 */
export const oneRegId: Scalar<bigint> = {
  range: unsigned(64),
  parse: (text) => text.split(' | ').reduce((all, part) => all | parsePart(part), 0n),
  print(id) {
    const architecture = architectureOf(id)
    const middle = middleOf(id)
    const low = lowOf(id)
    const name = architecture === ARM ? nameOfLow(low) : undefined
    return [
      name ?? Object.keys(architectures).find((key) => architectures[key] === architecture) ?? hex(architecture),
      ...(middle === 0n ? [] : [`${middle} << ${MIDDLE}`]),
      ...(low === 0n || name !== undefined ? [] : [hex(low)]),
    ].join(' | ')
  },
  any,
}
