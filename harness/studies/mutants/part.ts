/** The hunt for the mutants of some hosts: one process's part of the work. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { allLaws, allSequences, proposedSequences } from '../../suite/declared.ts'
import { speaking } from '../../dialects/index.ts'
import type { Dialect } from '../../model/dialect.ts'
import type { Host } from '../../model/host.ts'
import type { Law } from '../../model/law.ts'
import { mutantsOf, type Mutation } from './mutate.ts'
import type { Release } from '../../model/release.ts'
import { gather } from './evidence.ts'
import { canTell, fewNotice, notices, type Noticed } from './hunt.ts'
import type { Sequence } from '../../suite/sequence.ts'
import { layers, type MutantLayer } from './layers.ts'

/** What is known of a mutant: which layers noticed it, and how. */
export interface FoundMutant {
  name: string
  kind: Mutation
  by: Partial<Record<MutantLayer, Noticed>>
  /** Whether `run --fast` notices it, too: by a sequence, or by one of the first random ones. */
  isFast?: boolean
}

/** A host is done: what it added. Names of all its mutants come with the first host of a release. */
export interface MutantProgress {
  host: string
  release: Release
  found: FoundMutant[]
  seconds: number
}

/** Laws are dear: a mutant that they let pass on so many hosts of a release, they let pass. */
const LAW_HOSTS = 2

/** Which hosts are of a branch such as 6.12. */
const hostsOf = (branch: Release) =>
  hostNames.map((name) => hostNamed(name)).filter(({ kernel }) => kernel.release.startsWith(`${branch}.`))

/** Whose rules are mutated, and which tests may notice. */
export interface Prey {
  hosts: readonly Host[]
  sequences: readonly Sequence[]
  laws: readonly Law[]
}

/** What shipped in these branches, on all their recorded hosts. */
export const preyOf = async (branches: readonly Release[]): Promise<Prey> => ({
  hosts: branches.flatMap(hostsOf),
  sequences: await allSequences(),
  laws: await allLaws(),
})

/** A dialect, on the hosts that show its sequences. */
export const proposedPrey = (dialect: Dialect): Prey => {
  const names = new Set([dialect.host, ...dialect.sequences.map(({ host }) => host ?? dialect.host)])
  return {
    hosts: [...names].map((name) => speaking(hostNamed(name), dialect)),
    sequences: proposedSequences(dialect),
    laws: dialect.laws ?? [],
  }
}

/**
 * Hunts the mutants of these hosts, each until every layer has noticed it; `every`: only each so many-th mutant. Tells
 * after each host what is known of its release's mutants so far.
 */
export const hunt = async (
  { hosts, sequences, laws }: Prey,
  { runs, seed, every }: { runs: number; seed: number; every: number },
  tell: (progress: MutantProgress) => void,
): Promise<void> => {
  // A law that fails need not find its shortest failure.
  fc.configureGlobal({ endOnFailure: true })
  const known = new Map<string, FoundMutant>()
  const asked = new Map<string, number>()
  for (const host of hosts) {
    const { release } = host.kernel
    const begun = performance.now()
    const evidence = await gather(host, { sequences, laws, runs, seed })
    const mutants = mutantsOf(host).filter(({ name }) => crc32(name) % every === 0)
    for (const mutant of mutants) {
      const found = known.get(mutant.name) ?? { name: mutant.name, kind: mutant.kind, by: {} }
      known.set(mutant.name, found)
      for (const layer of layers) {
        if (
          found.by[layer] === 'wrong'
          || (found.by[layer] && mutant.kind === 'swapped')
          || !canTell(layer, evidence, mutant)
        )
          continue
        if (layer === 'laws') {
          const times = asked.get(`${release} ${mutant.name}`) ?? 0
          if (times >= LAW_HOSTS) continue
          asked.set(`${release} ${mutant.name}`, times + 1)
        }
        const noticed = await notices(layer, evidence, mutant)
        if (noticed) found.by[layer] = noticed
      }
      found.isFast ||= found.by.sequences !== undefined || fewNotice(evidence, mutant)
    }
    tell({
      host: host.name,
      release,
      found: mutants.map(({ name }) => known.get(name)!),
      seconds: (performance.now() - begun) / 1000,
    })
  }
}
