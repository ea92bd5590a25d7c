/** struct kvm_vcpu_init: the target and the feature bits of a vcpu. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import {
  printBadPointer,
  writeOp,
  address,
  parseBadPointer,
  anyBadPointer,
  type BadPointer,
} from '../../model/pointer.ts'
import { numberField, property } from '../../model/number-field.ts'
import { features, structs, targets } from '../../names/index.ts'
import { bytes, flags64, named, unsigned } from '../../model/scalar.ts'

/**
 * `features` is features[0], `beyond` the bits 32 to 223 of all seven words as one number. No target: the preferred
 * one.
 */
export interface VcpuInit {
  target?: number
  features: number
  beyond: bigint
  at?: BadPointer
}

const WORD = 32,
  WORDS = 7
const FIRST = unsigned(WORD).max
const wordsOf = ({ features: f, beyond }: Pick<VcpuInit, 'features' | 'beyond'>): bigint => BigInt(f >>> 0) | beyond
const fromWords = (all: bigint): Pick<VcpuInit, 'features' | 'beyond'> => ({
  features: Number(all & FIRST),
  beyond: all & ~FIRST,
})

const SIZE = structs.kvm_vcpu_init.size
const target = named('target', targets, fc.constantFrom(0, 2, 4, 5, 6, 0xffff_ffff))
const bit = (names: readonly (keyof typeof features)[]) =>
  names.reduce((all, name) => all | (1n << BigInt(features[name])), 0n)
const ofFirstWord = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      0n,
      bit(['KVM_ARM_VCPU_SVE']),
      bit(['KVM_ARM_VCPU_PSCI_0_2']),
      bit(['KVM_ARM_VCPU_SVE', 'KVM_ARM_VCPU_PSCI_0_2']),
      bit(['KVM_ARM_VCPU_PSCI_0_2', 'KVM_ARM_VCPU_POWER_OFF']),
      bit(['KVM_ARM_VCPU_PTRAUTH_ADDRESS', 'KVM_ARM_VCPU_PTRAUTH_GENERIC']),
      bit(['KVM_ARM_VCPU_PMU_V3']),
    ),
    weight: 12,
  },
  { arbitrary: fc.bigInt({ min: 0n, max: 0x7fn }), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: WORD - 1 }).map((b) => 1n << BigInt(b)), weight: 1 },
)
const ofOtherWords = fc.integer({ min: WORD, max: WORDS * WORD - 1 }).map((b) => 1n << BigInt(b))
/** All seven words as one number. */
const words = flags64(
  'features[]',
  features,
  fc.oneof(
    { arbitrary: ofFirstWord, weight: 23 },
    { arbitrary: fc.tuple(ofFirstWord, ofOtherWords).map(([first, other]) => first | other), weight: 1 },
  ),
  unsigned(WORDS * WORD),
)
const asked = words.any.map(fromWords)
const any: fc.Arbitrary<VcpuInit> = fc.oneof(
  { arbitrary: asked, weight: 21 },
  { arbitrary: fc.tuple(asked, target.any).map(([all, t]): VcpuInit => ({ target: t, ...all })), weight: 2 },
  {
    arbitrary: fc.tuple(asked, anyBadPointer(SIZE, false)).map(([all, at]): VcpuInit => ({ ...all, at })),
    weight: 1,
  },
)

export const takes: Codec<VcpuInit> = {
  any: () => any,
  fields: () => [
    property('target', 'target', target),
    numberField('features[]', words, wordsOf, (arg, all) => ({ ...arg, ...fromWords(all) })),
  ],
  pointsTo: { what: 'the whole struct kvm_vcpu_init', size: SIZE },
  parse(text) {
    const arg: Partial<VcpuInit> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value] = /^(target|features\[\]) = (.*)$/.exec(part) ?? []
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (key === 'target') setOnce(arg, 'target', target.parse(value!))
      else {
        const all = fromWords(words.parse(value ?? part))
        setOnce(arg, 'features', all.features, 'features[]')
        Object.assign(arg, all)
      }
    }
    return { ...fromWords(0n), ...arg }
  },
  print: (arg) =>
    [
      ...(arg.at === undefined ? [] : [printBadPointer(arg.at)]),
      ...(arg.target === undefined ? [] : [`target = ${target.print(arg.target)}`]),
      `features[] = ${words.print(wordsOf(arg))}`,
    ].join(', '),
  pack(arg, _, host) {
    const all = bytes(wordsOf(arg), structs.kvm_vcpu_init.fields.features[1])
    return {
      before: writeOp(arg.at, bytes(arg.target ?? host.preferredTarget, 4) + all),
      arg: address(arg.at),
      after: '',
    }
  },
}
