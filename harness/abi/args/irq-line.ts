/** struct kvm_irq_level: an interrupt line in its parts, and its level. */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { UserError } from '../../process/user-error.ts'
import { cpuIrqs, irqFields, irqTypes } from '../../names/index.ts'
import { count, readNamed, readNumber, unsigned, type Scalar } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

const { KVM_ARM_IRQ_TYPE_CPU: CPU, KVM_ARM_IRQ_TYPE_SPI: SPI, KVM_ARM_IRQ_TYPE_PPI: PPI } = irqTypes
const { KVM_ARM_IRQ_TYPE_SHIFT: TYPE, KVM_ARM_IRQ_VCPU_SHIFT: VCPU, KVM_ARM_IRQ_VCPU2_SHIFT: VCPU2 } = irqFields
export const FIRST_PPI = 16,
  FIRST_SPI = 32

export const typeOf = (irq: number) => (irq >>> TYPE) & irqFields.KVM_ARM_IRQ_TYPE_MASK
export const numberOf = (irq: number) => irq & irqFields.KVM_ARM_IRQ_NUM_MASK
/** 12 bits, the upper four above the type. */
export const vcpuOf = (irq: number) =>
  ((irq >>> VCPU) & irqFields.KVM_ARM_IRQ_VCPU_MASK) | (((irq >>> VCPU2) & irqFields.KVM_ARM_IRQ_VCPU2_MASK) << 8)
const irqOf = (type: number, vcpu: number, n: number) =>
  (((vcpu >>> 8) << VCPU2) | (type << TYPE) | ((vcpu & irqFields.KVM_ARM_IRQ_VCPU_MASK) << VCPU) | n) >>> 0

/** Eight, and four above the type. */
const VCPU_BITS = 12
const typeBits = Object.fromEntries(Object.entries(irqTypes).map(([name, n]) => [name, irqOf(n, 0, 0)]))
const typeNames = new Map(Object.entries(irqTypes).map(([name, n]) => [n as number, name]))

/** Written in its parts: `KVM_ARM_IRQ_TYPE_PPI | vcpu 1 | 27`; vcpu 0 and number 0 may be left out. */
const irq: Scalar<number> = {
  range: unsigned(32),
  named: Object.values(typeBits).map(BigInt),
  parse: (text) =>
    text.split(' | ').reduce((all, part) => {
      const [, vcpu] = /^vcpu (.+)$/.exec(part) ?? []
      const bits =
        vcpu === undefined
          ? Number(readNamed(part, typeBits, 'irq', unsigned(32)))
          : irqOf(0, Number(readNumber(vcpu, 'vcpu', unsigned(VCPU_BITS))), 0)
      if ((all & bits) !== 0) throw new UserError(`two parts of an interrupt say the same bits: ${quoted(text)}`)
      return (all | bits) >>> 0
    }, 0),
  print: (value) => {
    const name = typeNames.get(typeOf(value)),
      vcpu = vcpuOf(value),
      n = numberOf(value)
    return [
      name ?? `${typeOf(value)} << ${TYPE}`,
      ...(vcpu === 0 ? [] : [`vcpu ${vcpu}`]),
      ...(n === 0 ? [] : [n]),
    ].join(' | ')
  },
  any: fc.oneof(
    fc
      .tuple(fc.constantFrom(0, 0, 1, 256, 511), fc.constantFrom(...Object.values(cpuIrqs), 2))
      .map(([vcpu, n]) => irqOf(CPU, vcpu, n)),
    fc
      .tuple(fc.constantFrom(0, 0, 0, 1, 2, 256), fc.constantFrom(0, 15, FIRST_PPI, 31, FIRST_SPI))
      .map(([vcpu, n]) => irqOf(PPI, vcpu, n)),
    fc
      .constantFrom(31, FIRST_SPI, 63, 64, 255, 256, 991, 992, 1019, 1020, 8191, 8192, 0xffff)
      .map((n) => irqOf(SPI, 0, n)),
    fc.constantFrom(3, 15).map((type) => irqOf(type, 0, FIRST_SPI)),
  ),
}

export type Level = Struct<{ irq: Field<number>; level: Field<number> }>
export const takes: Codec<Level> = struct('kvm_irq_level', {
  irq: { of: irq, bare: true },
  level: {
    of: count('level', unsigned(32), fc.oneof(fc.integer({ min: 0, max: 1 }), fc.constantFrom(2, 0x8000_0000))),
    unless: 0,
  },
})
