/** What came of the hunt, from all its parts: three counts, a count for each layer, and the survivors. */
import { layers, type MutantLayer } from './layers.ts'
import type { FoundMutant } from './part.ts'
import type { Noticed } from './hunt.ts'
import type { Mutation } from './mutate.ts'

const kinds: readonly Mutation[] = ['forgotten', 'errno', 'swapped']
const better = (a: Noticed | undefined, b: Noticed | undefined): Noticed | undefined =>
  (['wrong', 'drifts', 'known'] as const).find((how) => a === how || b === how)

/** Of each mutant once: what any part noticed. */
export const merged = (parts: Iterable<FoundMutant>): FoundMutant[] => {
  const all = new Map<string, FoundMutant>()
  for (const { name, kind, by, isFast } of parts) {
    const one = all.get(name) ?? { name, kind, by: {} }
    all.set(name, one)
    if (isFast) one.isFast = true
    for (const layer of layers) {
      const how = better(one.by[layer], by[layer])
      if (how) one.by[layer] = how
    }
  }
  return [...all.values()]
}

const isNoticed = ({ by }: FoundMutant, among: readonly MutantLayer[] = layers) =>
  among.some((layer) => by[layer] !== undefined)

/** Mutants that nothing can notice, by name, each with why. */
export type Equivalent = Readonly<Record<string, string>>

/** Survivors without a reason, and reasons for what is noticed or is no mutant. `whole`: all mutants were hunted. */
export const faults = (found: readonly FoundMutant[], equivalent: Equivalent, whole = true): string[] => [
  ...found
    .filter((one) => !isNoticed(one) && !(one.name in equivalent))
    .map(({ name }) => `survives without a reason: ${name}`),
  ...found
    .filter((one) => isNoticed(one) && one.name in equivalent)
    .map(({ name }) => `has a reason and is noticed: ${name}`),
  ...(whole
    ? Object.keys(equivalent)
        .filter((name) => !found.some((one) => one.name === name))
        .map((name) => `has a reason and is no mutant: ${name}`)
    : []),
]

/** The counts as a table, and every survivor with its reason. */
export const told = (found: readonly FoundMutant[], equivalent: Equivalent): string => {
  const line = (what: string, counts: readonly number[]) =>
    `${what.padEnd(34)}${counts.map((n) => String(n).padStart(10)).join('')}`
  const count = (keeps: (one: FoundMutant) => boolean) => [
    ...kinds.map((kind) => found.filter((one) => one.kind === kind && keeps(one)).length),
    found.filter(keeps).length,
  ]
  const survivors = found.filter((one) => !isNoticed(one))
  return [
    `${''.padEnd(34)}${[...kinds, 'all'].map((kind) => kind.padStart(10)).join('')}`,
    line(
      'mutants',
      count(() => true),
    ),
    line(
      'noticed',
      count((one) => isNoticed(one)),
    ),
    ...layers.map((layer) =>
      line(
        `  by ${layer}`,
        count((one) => isNoticed(one, [layer])),
      ),
    ),
    line(
      '    of these, as drifts alone',
      count(({ by }) => by['any order'] === 'drifts'),
    ),
    line(
      '    of these, as known bugs alone',
      count(({ by }) => by['any order'] === 'known'),
    ),
    ...layers.map((layer) =>
      line(
        `  by ${layer} alone`,
        count(
          (one) =>
            isNoticed(one, [layer])
            && !isNoticed(
              one,
              layers.filter((other) => other !== layer),
            ),
        ),
      ),
    ),
    line(
      '  by run --fast',
      count(({ isFast }) => isFast === true),
    ),
    line(
      'survive',
      count((one) => !isNoticed(one)),
    ),
    ...survivors.map(({ name }) => `survives: ${name}: ${equivalent[name] ?? 'NO REASON'}`),
  ].join('\n')
}
