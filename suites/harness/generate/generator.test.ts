/** Random sequences: what they are made on, what biases add, and how a failing one shrinks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dialectNamed, speaking } from '../../../harness/dialects/index.ts'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import type { Call } from '../../../harness/model/call.ts'
import { judged } from '../../../harness/oracle/judge.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { turns } from '../../../harness/oracle/turns.ts'
import { mutantsOf } from '../../../harness/studies/mutants/mutate.ts'
import { anyCalls, biases } from '../../../harness/generate/any-calls.ts'
import { boot } from '../../../harness/table/rules.ts'
import { print } from '../../../harness/table/notation.ts'

const SEED = 20190307
const printed = (calls: readonly Call[]) => print(calls.map((call) => ({ call })))

test.each(hostNames)('for %s fewer than one call in twenty has no descriptor', (name) => {
  const host = hostNamed(name)
  let all = 0,
    absent = 0
  for (const calls of fc.sample(anyCalls(12, { host }), { numRuns: 500, seed: SEED })) {
    for (const { table } of turns(boot(host), calls)) {
      all++
      if (table.refusal?.why === 'no descriptor') absent++
    }
  }
  expect(absent / all).toBeLessThan(0.05)
})

test('the same seed draws the same sequences, of at most as many calls as were asked for', () => {
  const draw = () => fc.sample(anyCalls(7), { numRuns: 200, seed: SEED })
  expect(draw().map(printed)).toEqual(draw().map(printed))
  for (const calls of draw()) expect(calls.length).toBeLessThanOrEqual(7)
})

test.each(biases.map((bias) => ({ name: bias.name, bias })))('$name: has its say, and can be left out', ({ bias }) => {
  const host = hostNamed()
  const drawn = (taken: typeof biases) =>
    fc.sample(anyCalls(12, { host, biases: taken }), { numRuns: 300, seed: SEED }).map(printed)
  expect(drawn([bias])).not.toEqual(drawn([]))
  expect(drawn(biases.filter((other) => other !== bias))).not.toEqual(drawn(biases))
})

describe('a sequence that fails shrinks to what it takes', () => {
  const shortest: readonly { mutant: string; on: string; calls: number; dialect?: string }[] = [
    { mutant: 'KVM_ARM_VCPU_FINALIZE/too late forgotten', on: '6.12-max-gicv3', calls: 5 },
    { mutant: 'KVM_RUN/no redistributor forgotten', on: '6.12-max-gicv3', calls: 6 },
    { mutant: 'KVM_SET_USER_MEMORY_REGION/overlaps forgotten', on: '6.12-max-gicv2', calls: 3 },
    { mutant: 'KVM_CREATE_VCPU/already there errno', on: '5.10-cortex-a53-gicv2', calls: 3 },
    {
      mutant: 'KVM_ARM_VCPU_FINALIZE/not sealed forgotten',
      on: '6.12-max-gicv3',
      calls: 4,
      dialect: 'seal-then-finalize',
    },
  ]
  test.each(shortest)('$mutant', ({ mutant, on, calls, dialect }) => {
    const host = dialect === undefined ? hostNamed(on) : speaking(hostNamed(on), dialectNamed(dialect))
    const { release } = host.kernel
    const { rules } = mutantsOf(host).find((one) => one.name === mutant)!
    const isSound = (all: readonly Call[]) =>
      judged(host, release, all, { answers: answersIn(boot(host, release, rules), all), outcome: 'done', log: [] })
        .verdict === 'conforms'
    const { counterexample } = fc.check(fc.property(anyCalls(12, { host }), isSound), { seed: SEED, numRuns: 20_000 })
    expect(counterexample?.[0]).toHaveLength(calls)
  })
})
