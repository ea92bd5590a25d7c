/** The probe: many lists of registers become one, and what no host should answer gets one line. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { Complaint } from '../../harness/complaint.ts'
import { features, namedRegs, type Feature } from '../../harness/names.ts'
import { registersOf } from '../../harness/abi/registers/table.ts'
import { subsets, type FeatureSet } from '../../harness/probe/feature-sets.ts'
import { merge } from '../../harness/probe/merge.ts'
import { ask } from '../../harness/probe/player.ts'

const SVE = 'KVM_ARM_VCPU_SVE', PMU = 'KVM_ARM_VCPU_PMU_V3'
const set = (names: string[], values: [bigint, bigint | undefined][]): FeatureSet =>
  ({ names, ids: values.map(([id]) => id), values: new Map(values) })

test('a register that comes with a feature, or changes with it, has a row that says so', () => {
  const rows = merge([
    set([], [[1n, 0n], [2n, 7n], [9n, 0n]]),
    set([SVE], [[1n, 0n], [5n, 3n], [9n, 1n]]),
    set([PMU], [[1n, 0n], [2n, 7n], [8n, undefined], [9n, 0n]]),
    set([SVE, PMU], [[1n, 0n], [5n, 3n], [8n, undefined], [9n, 1n]]),
  ])
  expect(rows.map(({ id, reset, with: condition }) => [id, reset, condition])).toEqual([
    [1n, 0n, undefined], [5n, 3n, SVE], [2n, 7n, `!${SVE}`], [8n, undefined, PMU], [9n, 0n, `!${SVE}`], [9n, 1n, SVE],
  ])
})

test('a register may depend on two features', () => {
  const sets = [set([], [[1n, 0n]]), set([SVE], [[1n, 0n]]), set([PMU], [[1n, 0n]]), set([SVE, PMU], [[1n, 0n], [2n, 3n]])]
  expect(merge(sets).map(({ id, with: condition }) => [id, condition])).toEqual([[1n, undefined], [2n, `${SVE} & ${PMU}`]])
})

test('a register that depends on three features gets a complaint', () => {
  const third = 'KVM_ARM_VCPU_PSCI_0_2'
  const all = [[], [SVE], [PMU], [third], [SVE, PMU], [SVE, third], [PMU, third], [SVE, PMU, third]]
  const sets = all.map((names) => set(names, [[1n, BigInt(names.length)]]))
  expect(() => merge(sets)).toThrow(Complaint)
  expect(() => merge(sets)).toThrow(/^the target cannot be recorded: 0x0000000000000001 depends on more than two features$/)
})

test('lists that contradict each other in order get a complaint', () => {
  expect(() => merge([set([], [[1n, 0n], [2n, 0n]]), set([SVE], [[2n, 0n], [1n, 0n]])])).toThrow(/fit no common order/)
})

test('merging what a recorded host gives its vcpus brings the record back', () => {
  const host = hostNamed()
  const bits = (names: readonly string[]) => names.reduce((all, name) => all | (1 << features[name as Feature]), 0)
  const sets = subsets(host).map((names) => set(names, [...registersOf(host, bits(names))].map(([id, row]) => [id, row.reset])))
  expect(merge(sets).map(({ id, with: condition }) => [id, condition]))
    .toEqual(host.regs.map((reg) => [BigInt(`0x${reg.id}`), reg.with]))
  expect(sets.find(({ names }) => names.includes(SVE))!.ids).toContain(namedRegs.KVM_REG_ARM64_SVE_VLS)
})

test('a target that does not answer gets a complaint that says what happened', async () => {
  const greeting = { impl: 'none', release: '6.12.0', version: '#1', machine: 'aarch64' }
  const gone = { greeting, play: async () => ({ outcome: 'lost' as const, answers: [], log: [], why: 'the stream ended' }) }
  await expect(ask(gone, 'k,0')).rejects.toThrow('the target cannot be recorded: it is lost (the stream ended)')
})
