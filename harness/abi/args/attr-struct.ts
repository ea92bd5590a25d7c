/** Values of attributes that are structs: written as `&(base_event = 0x11, nevents = 1, action = 1)`. */
import fc from 'fast-check'
import { setOnce, split } from '../../model/codec.ts'
import { anyNumber, named64, printNumber, u64, unsigned, type Scalar } from '../../model/scalar.ts'
import { pmuActions, smcccActions, structs, type StructLayout } from '../../names/index.ts'
import { didYouMean } from '../../process/nearest.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'
import type { ValueStruct } from './attr.ts'

const number = (what: string, bits: number, ...likely: bigint[]): Scalar<bigint> =>
  u64(what, anyNumber(bits, likely), printNumber, unsigned(bits))

const action = (names: Readonly<Record<string, number>>): Scalar<bigint> =>
  named64(
    'action',
    names,
    fc.oneof({ arbitrary: fc.constantFrom(0n, 1n, 1n, 2n), weight: 8 }, { arbitrary: fc.bigInt(0n, 0xffn), weight: 1 }),
    unsigned(8),
  )

type Scalars = Readonly<Record<string, Scalar<bigint>>>

/** Their fields. What is drawn lies at both ends of the events, and of the ranges that KVM reserves. */
const scalars: Readonly<Record<ValueStruct, Scalars>> = {
  kvm_pmu_event_filter: {
    base_event: number('base_event', 16, 0n, 0x11n, 0x3ffn, 0x400n, 0xffffn),
    nevents: number('nevents', 16, 0n, 1n, 1n, 2n, 0x400n),
    action: action(pmuActions),
    pad: number('pad', 24, 0n),
  },
  kvm_smccc_filter: {
    base: number(
      'base',
      32,
      0n,
      0x7fff_ffffn,
      0x8000_0000n,
      0x8000_ffffn,
      0x8001_0000n,
      0x8400_0000n,
      0x8400_0008n,
      0xbfff_ffffn,
      0xc001_0000n,
      0xc400_0000n,
    ),
    nr_functions: number('nr_functions', 32, 1n, 1n, 2n, 0x20n, 0n, 0x1_0000n, 0x4000_0000n),
    action: action(smcccActions),
    pad: number('pad', 120, 0n, 0n, 0n, 0n),
  },
}

interface Part {
  name: string
  of: Scalar<bigint>
  /** The lowest bit, and how many there are. */
  at: bigint
  bits: number
}

const partsIn = (struct: ValueStruct): Part[] => {
  const { fields }: StructLayout = structs[struct]
  return Object.entries(scalars[struct]).map(([name, of]) => {
    const [offset, size] = fields[name]!
    return { name, of, at: BigInt(offset * 8), bits: size * 8 }
  })
}
const parts: Readonly<Record<ValueStruct, readonly Part[]>> = {
  kvm_pmu_event_filter: partsIn('kvm_pmu_event_filter'),
  kvm_smccc_filter: partsIn('kvm_smccc_filter'),
}

const read = (value: bigint, { at, bits }: Part): bigint => BigInt.asUintN(bits, value >> at)

/** The fields of a struct by their name. */
export const readStruct = (struct: ValueStruct, value: bigint): Record<string, bigint> =>
  Object.fromEntries(parts[struct].map((part) => [part.name, read(value, part)]))

/** The same struct with another number in a field. */
export const withStructField = (struct: ValueStruct, value: bigint, name: string, to: bigint): bigint => {
  const part = parts[struct].find((p) => p.name === name)!
  return value ^ ((read(value, part) ^ to) << part.at)
}

/** Each field of the struct, and the numbers that it can hold. */
export const scalarsOf = (struct: ValueStruct): Scalars => scalars[struct]

/** Reads what stands between the parentheses; fields that it leaves out are 0. Throws a UserError for anything else. */
export const parseStruct = (struct: ValueStruct, text: string): bigint => {
  const given: Record<string, bigint> = {}
  for (const part of split(text)) {
    const [, name = '', value = ''] = /^(\w+) = (.*)$/.exec(part) ?? []
    const of = Object.hasOwn(scalars[struct], name) ? scalars[struct][name] : undefined
    if (!of)
      throw new UserError(
        `struct ${struct}: cannot place ${quoted(part)}${didYouMean(name, Object.keys(scalars[struct]))}`,
      )
    setOnce(given, name, of.parse(value))
  }
  return Object.entries(given).reduce((all, [name, value]) => withStructField(struct, all, name, value), 0n)
}

/** Writes the fields that are not 0; an action always, since 0 is one. */
export const printStruct = (struct: ValueStruct, value: bigint): string =>
  parts[struct]
    .map((part) => ({ part, field: read(value, part) }))
    .filter(({ part, field }) => field !== 0n || part.name === 'action')
    .map(({ part, field }) => `${part.name} = ${part.of.print(field)}`)
    .join(', ')

/** Values of the struct. */
export const anyStruct = (struct: ValueStruct): fc.Arbitrary<bigint> =>
  fc
    .tuple(...parts[struct].map(({ of }) => of.any))
    .map((fields) => parts[struct].reduce((all, { at }, i) => all | (fields[i]! << at), 0n))
