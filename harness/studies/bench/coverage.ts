/** Which rules random sequences reach on the recorded hosts, and what the generator's biases are worth. */
import fc from 'fast-check'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { rowsIn } from '../../table/rows.ts'
import { cover } from '../../oracle/coverage.ts'
import type { Host } from '../../model/host.ts'
import { answersIn } from '../../oracle/mock.ts'
import { anyCalls, biases, type Bias } from '../../generate/any-calls.ts'
import { boot } from '../../table/rules.ts'
import { figure } from './measure.ts'

const SEED = 20190307
const FEW = 1000
const MANY = 20_000

/**
 * How often each rule, by its id, decided in `runs` sequences for that host; sequences after those of `seen` are added
 * to it.
 */
export const reachedOn = (
  host: Host,
  runs: number,
  seed: number,
  seen = new Map<string, number>(),
  taken: readonly Bias[] = biases,
): Map<string, number> => {
  for (const calls of fc.sample(anyCalls(12, { host, biases: taken }), { numRuns: runs, seed }))
    cover(seen, host, host.kernel.release, calls, answersIn(boot(host), calls))
  return seen
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Prints rules reached by a thousand sequences, with all biases, without each, and without any; and by 20,000 for each
 * release.
 */
export const benchCoverage = (): void => {
  const hosts = hostNames.map((name) => hostNamed(name))
  const by = (taken: readonly Bias[]) => mean(hosts.map((host) => reachedOn(host, FEW, SEED, new Map(), taken).size))
  figure(`coverage: rules reached by 1,000 sequences, mean of ${hosts.length} hosts`, by(biases), 'rules')
  figure('coverage: the same without any bias', by([]), 'rules')
  for (const bias of biases)
    figure(`coverage: the same without "${bias.name}"`, by(biases.filter((other) => other !== bias)), 'rules')
  for (const release of new Set(hosts.map(({ kernel }) => kernel.release))) {
    const own = hosts.filter(({ kernel }) => kernel.release === release)
    const all = (taken: readonly Bias[]) => {
      const seen = new Map<string, number>()
      for (const host of own) reachedOn(host, Math.ceil(MANY / own.length), SEED, seen, taken)
      return seen.size
    }
    const total = rowsIn(release).length
    figure(
      `coverage: ${release}, reached by 20,000 sequences on its ${own.length} hosts, of ${total} rules`,
      all(biases),
      'rules',
    )
    figure(`coverage: ${release}, the same without any bias`, all([]), 'rules')
  }
}
