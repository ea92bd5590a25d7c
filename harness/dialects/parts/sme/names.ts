/** Names and numbers that the series adds, and the notation with them. */
import fc from 'fast-check'
import { takes as takesCapability } from '../../../abi/args/check-extension.ts'
import { takes as takesFeature } from '../../../abi/args/arm-vcpu-finalize.ts'
import { takes as takesInit, type VcpuInit } from '../../../abi/args/arm-vcpu-init.ts'
import { toRead, toWrite, type NewValue, type OneReg } from '../../../abi/registers/one-reg.ts'
import type { Codec } from '../../../model/codec.ts'
import { mail } from '../../../model/rule.ts'
import { anyNumber } from '../../../model/scalar.ts'
import { arm64SysReg, features, regs } from '../../../names/index.ts'

/** A patch of the twelfth version, which only sends the eleventh again, or of that. */
export const patch = (number: string, passage: string) => mail(`2026-07-09 Mark Brown, ${number}`, passage)
/** The documentation in it. */
export const documented = (passage: string) => patch('v12 13/29', passage)
/** The numbers of the capability and the feature are from the tenth version: later ones were not found. */
export const numbered = (passage: string) => mail('2026-03-06 Mark Brown, v10 26/30', passage)

/** The kernel has given this number to another architecture's capability since. */
export const KVM_CAP_ARM_SME = 248n
const SME_BIT = 9
export const SME = 1 << SME_BIT
export const SVE = 1 << features.KVM_ARM_VCPU_SVE

const group = regs.KVM_REG_ARM64 | 0x0017_0000n
export const isSmeGroup = (id: bigint): boolean => (id & regs.KVM_REG_ARM_COPROC_MASK) === 0x0017_0000n
export const SME_VLS = group | regs.KVM_REG_SIZE_U512 | 0xfffen
export const ZT0 = group | regs.KVM_REG_SIZE_U512 | 0x600n
/** Row `n` of the matrix, in slices of 2048 bits. */
export const zaRow = (n: number, slice = 0): bigint =>
  group | regs.KVM_REG_SIZE_U2048 | (BigInt(n) << 5n) | BigInt(slice)
/** The number and slice of a row of the matrix; undefined for any other id. */
export const asZaRow = (id: bigint): { n: number; slice: number } | undefined =>
  id >= zaRow(0) && id <= zaRow(255, 31) ? { n: Number((id >> 5n) & 0xffn), slice: Number(id & 31n) } : undefined
export const SVCR = arm64SysReg(3, 3, 4, 2, 2)

const hex = (id: bigint): string => `0x${id.toString(16).padStart(16, '0')}`
const nameOf = (id: bigint): string => {
  const row = asZaRow(id)
  return id === SME_VLS
    ? 'KVM_REG_ARM64_SME_VLS'
    : row
      ? `KVM_REG_ARM64_SME_ZAHREG(${row.n}, ${row.slice})`
      : `KVM_REG_ARM64_SME_ZTREG(${id & 0xffn})`
}
const named = /0x(?:608000000017[01][0-9a-f]{3}|60600000001706[0-9a-f]{2}|606000000017fffe)/g
const spelt = /KVM_REG_ARM64_SME_(VLS|ZAHREG\((\d+), (\d+)\)|ZTREG\((\d+)\))/g

/** The same notation with other words: `read` turns them into what it knows, `written` back. */
const reworded = <Arg>(
  codec: Codec<Arg>,
  read: (text: string) => string,
  written: (text: string) => string,
  any: (usual: fc.Arbitrary<Arg>) => fc.Arbitrary<Arg>,
): Codec<Arg> => ({
  ...codec,
  parse: (text, sort) => codec.parse(read(text), sort),
  print: (arg, sort) => written(codec.print(arg, sort)),
  any: (sort) => any(codec.any(sort)),
})
const word = (name: string, known: string) =>
  [
    (text: string) => text.replaceAll(name, known),
    (text: string) => text.replace(new RegExp(`(?<![\\w])${known}(?![\\w])`), name),
  ] as const

export const capability = reworded(
  takesCapability,
  (text) => (text === 'KVM_CAP_ARM_SME' ? String(KVM_CAP_ARM_SME) : text),
  (text) => (text === 'KVM_CAP_S390_VSIE_ESAMODE' ? 'KVM_CAP_ARM_SME' : text),
  (usual) => fc.oneof({ arbitrary: usual, weight: 9 }, { arbitrary: fc.constant(KVM_CAP_ARM_SME), weight: 1 }),
)
/** KVM_ARM_VCPU_VEC is another word for KVM_ARM_VCPU_SVE. */
export const finalized = reworded(takesFeature, ...word('KVM_ARM_VCPU_VEC', 'KVM_ARM_VCPU_SVE'), (usual) => usual)
export const init: Codec<VcpuInit> = reworded(takesInit, ...word('KVM_ARM_VCPU_SME', `1 << ${SME_BIT}`), (usual) =>
  fc.tuple(usual, fc.boolean()).map(([arg, isSme]) => (isSme ? { ...arg, features: arg.features | SME } : arg)),
)

const registers = [
  (text: string) =>
    text.replaceAll(spelt, (_, what: string, n = '0', slice = '0', zt = '0') =>
      hex(what === 'VLS' ? SME_VLS : what.startsWith('ZA') ? zaRow(Number(n) & 0xff, Number(slice)) : ZT0 | BigInt(zt)),
    ),
  (text: string) => text.replaceAll(named, (id) => nameOf(BigInt(id))),
] as const
const anyId = fc.oneof(
  { arbitrary: fc.constantFrom(SME_VLS, SVCR, SVCR, ZT0), weight: 4 },
  { arbitrary: fc.tuple(fc.nat(255), fc.constantFrom(0, 0, 0, 1, 31)).map(([n, s]) => zaRow(n, s)), weight: 4 },
  { arbitrary: anyNumber(16, [0n]).map((low) => (SME_VLS & ~0xffffn) | low), weight: 1 },
)
const anyValue = (id: bigint): fc.Arbitrary<bigint> =>
  id === SVCR
    ? anyNumber(64, [0n, 1n, 2n, 3n])
    : id === SME_VLS
      ? anyNumber(512, [0x1n, 0x3n, 0xbn, 0x8bn, 0x808bn, 0xffffn])
      : anyNumber(asZaRow(id) ? 2048 : 512, [0n, 1n, 0xffn])

export const read: Codec<OneReg> = reworded(toRead, ...registers, (usual) =>
  fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: anyId.map((id): OneReg => ({ id })), weight: 1 }),
)
export const write: Codec<NewValue> = reworded(toWrite, ...registers, (usual) =>
  fc.oneof(
    { arbitrary: usual, weight: 3 },
    { arbitrary: anyId.chain((id) => anyValue(id).map((value): NewValue => ({ id, value }))), weight: 1 },
  ),
)
