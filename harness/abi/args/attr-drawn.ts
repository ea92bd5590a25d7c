/** Which attributes of vcpus and VMs are drawn at random. */
import fc from 'fast-check'
import { anyNumber } from '../../model/scalar.ts'
import { pmuAttrs, pvtimeAttrs, smcccAttrs, timerAttrs, vcpuGroups, vmGroups } from '../../names/index.ts'
import { anyStruct } from './attr-struct.ts'
import type { Attr, Verb } from './attr.ts'

const { KVM_ARM_VCPU_PMU_V3_CTRL: PMU, KVM_ARM_VCPU_TIMER_CTRL: TIMER, KVM_ARM_VCPU_PVTIME_CTRL: PVTIME } = vcpuGroups
const { KVM_ARM_VM_SMCCC_CTRL: SMCCC } = vmGroups

type Value = fc.Arbitrary<bigint> | undefined

/** Of a group: one of `named`, and once in a while a number that has no name. */
const attrsOf = (named: Readonly<Record<string, number>>) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...Object.values(named).map(BigInt)), weight: 12 },
    { arbitrary: fc.constantFrom(5n, 9n, 1n << 32n), weight: 1 },
  )
const draw = (on: 'vcpu' | 'vm', group: number, attr: fc.Arbitrary<bigint>, value: Value): fc.Arbitrary<Attr> =>
  fc
    .tuple(attr, value ?? fc.constant(undefined))
    .map(([a, v]): Attr => ({ on, group, attr: a, ...(v !== undefined && { value: v }) }))

const only = (n: number) => fc.constant(BigInt(n))
const irq = anyNumber(32, [23n, 23n, 23n, 27n, 30n, 20n, 16n, 31n, 15n, 32n, 40n, 40n, 255n, 256n, 1019n, 1020n])
/** Mostly where memory slots are drawn to be. */
const ipa = anyNumber(64, [0n, 0x40n, 0xfc0n, 0x1000n, 0x10_0000n, 0x1000_0000n, 1n, 32n, (1n << 40n) - 64n])
const pmu = anyNumber(32, [0n, 4n, 7n, 8n, 9n, 10n])
const counters = anyNumber(32, [0n, 1n, 4n, 6n, 7n, 31n, 32n])

const anyOfVcpu = (verb: Verb): fc.Arbitrary<Attr> => {
  const zero = fc.constant(0n)
  const of = (set: fc.Arbitrary<bigint>): Value => ({ set, get: zero, has: undefined })[verb]
  const pmuAttr = (name: keyof typeof pmuAttrs, value: Value) => draw('vcpu', PMU, only(pmuAttrs[name]), value)
  return fc.oneof(
    { arbitrary: pmuAttr('KVM_ARM_VCPU_PMU_V3_IRQ', of(irq)), weight: 6 },
    { arbitrary: pmuAttr('KVM_ARM_VCPU_PMU_V3_INIT', undefined), weight: 5 },
    { arbitrary: pmuAttr('KVM_ARM_VCPU_PMU_V3_FILTER', of(anyStruct('kvm_pmu_event_filter'))), weight: 4 },
    { arbitrary: pmuAttr('KVM_ARM_VCPU_PMU_V3_SET_PMU', of(pmu)), weight: 2 },
    { arbitrary: pmuAttr('KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS', of(counters)), weight: 2 },
    { arbitrary: draw('vcpu', PMU, fc.constantFrom(5n, 9n, 1n << 32n), of(zero)), weight: 1 },
    { arbitrary: draw('vcpu', TIMER, attrsOf(timerAttrs), of(irq)), weight: 6 },
    { arbitrary: draw('vcpu', PVTIME, attrsOf(pvtimeAttrs), of(ipa)), weight: 5 },
    { arbitrary: draw('vcpu', 5, zero, of(zero)), weight: 1 },
    { arbitrary: draw('vcpu', 0xffff_ffff, zero, of(zero)), weight: 1 },
  )
}

const anyOfVm: fc.Arbitrary<Attr> = fc.oneof(
  {
    arbitrary: draw('vm', SMCCC, only(smcccAttrs.KVM_ARM_VM_SMCCC_FILTER), anyStruct('kvm_smccc_filter')),
    weight: 10,
  },
  { arbitrary: draw('vm', SMCCC, fc.constantFrom(1n, 1n << 32n), fc.constant(0n)), weight: 1 },
  { arbitrary: draw('vm', 5, fc.constant(0n), fc.constant(0n)), weight: 1 },
)

/** Arguments for `verb` on a vcpu or a VM; pointers are all good. */
export const anyAttrOf = (on: 'vcpu' | 'vm', verb: Verb): fc.Arbitrary<Attr> =>
  on === 'vcpu' ? anyOfVcpu(verb) : anyOfVm
