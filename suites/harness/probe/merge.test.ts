/** The registers of many vcpus, each with other features, become one list that says what comes with which. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { registersOf } from '../../../harness/abi/registers/table.ts'
import { featureWord, namedRegs } from '../../../harness/names/index.ts'
import { subsets, type FeatureSet } from '../../../harness/probe/feature-sets.ts'
import { merge } from '../../../harness/probe/merge.ts'

const SVE = 'KVM_ARM_VCPU_SVE',
  PMU = 'KVM_ARM_VCPU_PMU_V3'
const set = (names: string[], values: [bigint, bigint | undefined][]): FeatureSet => ({
  names,
  ids: values.map(([id]) => id),
  values: new Map(values),
})

test('a register that comes with a feature, or changes with it, has a row that says so', () => {
  const { rows, isOrdered } = merge([
    set(
      [],
      [
        [1n, 0n],
        [2n, 7n],
        [9n, 0n],
      ],
    ),
    set(
      [SVE],
      [
        [1n, 0n],
        [5n, 3n],
        [9n, 1n],
      ],
    ),
    set(
      [PMU],
      [
        [1n, 0n],
        [2n, 7n],
        [8n, undefined],
        [9n, 0n],
      ],
    ),
    set(
      [SVE, PMU],
      [
        [1n, 0n],
        [5n, 3n],
        [8n, undefined],
        [9n, 1n],
      ],
    ),
  ])!
  expect(isOrdered).toBe(true)
  expect(rows.map(({ id, reset, with: condition }) => [id, reset, condition])).toEqual([
    [1n, 0n, undefined],
    [5n, 3n, SVE],
    [2n, 7n, `!${SVE}`],
    [8n, undefined, PMU],
    [9n, 0n, `!${SVE}`],
    [9n, 1n, SVE],
  ])
})

test('a register may depend on two features', () => {
  const sets = [
    set([], [[1n, 0n]]),
    set([SVE], [[1n, 0n]]),
    set([PMU], [[1n, 0n]]),
    set(
      [SVE, PMU],
      [
        [1n, 0n],
        [2n, 3n],
      ],
    ),
  ]
  expect(merge(sets, 2)!.rows.map(({ id, with: condition }) => [id, condition])).toEqual([
    [1n, undefined],
    [2n, `${SVE} & ${PMU}`],
  ])
})

test('a register that depends on three features is explained by no two, and by three where every set is recorded', () => {
  const third = 'KVM_ARM_VCPU_PSCI_0_2'
  const all = [[], [SVE], [PMU], [third], [SVE, PMU], [SVE, third], [PMU, third], [SVE, PMU, third]]
  const sets = all.map((names) => set(names, [[1n, names.length === 3 ? 1n : 0n]]))
  expect(merge(sets, 2)).toBeUndefined()
  const { rows } = merge(sets)!
  expect(rows).toHaveLength(8)
  expect(rows.find(({ reset }) => reset === 1n)!.with).toBe(`${SVE} & ${PMU} & ${third}`)
})

test('a value that differs from vcpu to vcpu in one set, and by chance not in another, is known in none', () => {
  const { rows } = merge([set([], [[1n, undefined]]), set([SVE], [[1n, 5n]])])!
  expect(rows.map(({ id, reset, with: condition }) => [id, reset, condition])).toEqual([[1n, undefined, undefined]])
})

test('lists that contradict each other in order, or hold a register twice, are in no order', () => {
  expect(
    merge([
      set(
        [],
        [
          [1n, 0n],
          [2n, 0n],
        ],
      ),
      set(
        [SVE],
        [
          [2n, 0n],
          [1n, 0n],
        ],
      ),
    ])!.isOrdered,
  ).toBe(false)
  expect(merge([{ ...set([], [[1n, 0n]]), ids: [1n, 1n] }])!.isOrdered).toBe(false)
})

test('merging what a recorded host gives its vcpus brings the record back', () => {
  const host = hostNamed()
  const sets = subsets(host).map((names) =>
    set(
      names,
      [...registersOf(host, featureWord(names))].map(([id, row]) => [id, row.reset]),
    ),
  )
  expect(merge(sets, 2)!.rows.map(({ id, with: condition }) => [id, condition])).toEqual(
    host.regs.map((reg) => [BigInt(`0x${reg.id}`), reg.with]),
  )
  expect(sets.find(({ names }) => names.includes(SVE))!.ids).toContain(namedRegs.KVM_REG_ARM64_SVE_VLS)
})
