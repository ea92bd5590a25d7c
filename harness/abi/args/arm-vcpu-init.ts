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
import { features, structs, targets } from '../../names/index.ts'
import { bytes, flags, named, readNumber } from '../../model/scalar.ts'

/**
 * features[0], and at most one bit of the other six words: `beyond` is its number, 32 to 223. No target: the
 * preferred one.
 */
export interface VcpuInit {
  target?: number
  features: number
  beyond?: number
  at?: BadPointer
}

const SIZE = structs.kvm_vcpu_init.size
const target = named('target', targets, fc.constantFrom(0, 2, 4, 5, 6, 0xffff_ffff))
const bit = (names: readonly (keyof typeof features)[]) => names.reduce((all, name) => all | (1 << features[name]), 0)
const word = flags(
  'features[]',
  features,
  fc.oneof(
    {
      arbitrary: fc.constantFrom(
        0,
        bit(['KVM_ARM_VCPU_SVE']),
        bit(['KVM_ARM_VCPU_PSCI_0_2']),
        bit(['KVM_ARM_VCPU_SVE', 'KVM_ARM_VCPU_PSCI_0_2']),
        bit(['KVM_ARM_VCPU_PSCI_0_2', 'KVM_ARM_VCPU_POWER_OFF']),
        bit(['KVM_ARM_VCPU_PTRAUTH_ADDRESS', 'KVM_ARM_VCPU_PTRAUTH_GENERIC']),
        bit(['KVM_ARM_VCPU_PMU_V3']),
      ),
      weight: 12,
    },
    { arbitrary: fc.integer({ min: 0, max: 0x7f }), weight: 3 },
    { arbitrary: fc.integer({ min: 0, max: 31 }).map((b) => (1 << b) >>> 0), weight: 1 },
  ),
)
const any: fc.Arbitrary<VcpuInit> = fc.oneof(
  { arbitrary: word.any.map((f): VcpuInit => ({ features: f })), weight: 20 },
  { arbitrary: fc.tuple(word.any, target.any).map(([f, t]): VcpuInit => ({ target: t, features: f })), weight: 2 },
  {
    arbitrary: fc
      .tuple(word.any, fc.integer({ min: 32, max: 223 }))
      .map(([f, beyond]): VcpuInit => ({ features: f, beyond })),
    weight: 1,
  },
  {
    arbitrary: fc.tuple(word.any, anyBadPointer(SIZE, false)).map(([f, at]): VcpuInit => ({ features: f, at })),
    weight: 1,
  },
)

/** Of seven words. */
const LAST_BIT = 223n

export const takes: Codec<VcpuInit> = {
  any: () => any,
  pointsTo: { what: 'the whole struct kvm_vcpu_init', size: SIZE },
  parse(text) {
    const arg: Partial<VcpuInit> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value] = /^(target|features\[\]) = (.*)$/.exec(part) ?? []
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (key === 'target') setOnce(arg, 'target', target.parse(value!))
      else {
        const bits = (value ?? part).split(' | ')
        const far = bits.find((b) => /^1 << \d+$/.test(b) && Number(b.slice(5)) >= 32)
        if (far)
          setOnce(arg, 'beyond', Number(readNumber(far.slice(5), 'a bit of features[]', { min: 0n, max: LAST_BIT })))
        setOnce(arg, 'features', word.parse(bits.filter((b) => b !== far).join(' | ') || '0'), 'features[]')
      }
    }
    return { features: 0, ...arg }
  },
  print({ target: t, features: f, beyond, at }) {
    const bits =
      [...(f !== 0 ? [word.print(f)] : []), ...(beyond === undefined ? [] : [`1 << ${beyond}`])].join(' | ') || '0'
    return [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      ...(t === undefined ? [] : [`target = ${target.print(t)}`]),
      `features[] = ${bits}`,
    ].join(', ')
  },
  pack({ target: t, features: f, beyond, at }, _, host) {
    const words = BigInt(f >>> 0) | (beyond === undefined ? 0n : 1n << BigInt(beyond))
    return { before: writeOp(at, bytes(t ?? host.preferredTarget, 4) + bytes(words, 28)), arg: address(at), after: '' }
  },
}
