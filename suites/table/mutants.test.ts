/** A slice of the mutants, hunted by random calls alone; npm run mutants hunts all of them with every test there is. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { gather } from '../../harness/studies/mutants/evidence.ts'
import { canTell, notices } from '../../harness/studies/mutants/hunt.ts'
import { mutantsOf } from '../../harness/studies/mutants/mutate.ts'

const SLICE = 20
const RUNS = 3000
const SEED = 20190307

test.each(['6.12-max-gicv3', '6.12-max-gicv2', '5.10-max-gicv3'])(
  'random calls on %s notice rules forgotten and errnos changed',
  async (name) => {
    const evidence = await gather(hostNamed(name), { sequences: [], laws: [], runs: RUNS, seed: SEED })
    const told = mutantsOf(evidence.host)
      .filter(({ kind }, i) => i % SLICE === 0 && kind !== 'swapped')
      .filter((mutant) => canTell('any order', evidence, mutant))
    const survivors: string[] = []
    for (const mutant of told) if (!(await notices('any order', evidence, mutant))) survivors.push(mutant.name)
    expect(told.length).toBeGreaterThan(10)
    // What only two calls made on purpose can tell apart is left to the sequences.
    expect(survivors.length, survivors.join(', ')).toBeLessThan(told.length / 10)
  },
)

test('mutants of one release have names of their own', () => {
  const names = mutantsOf(hostNamed()).map((mutant) => mutant.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('KVM_ARM_VCPU_FINALIZE/too late forgotten')
})
