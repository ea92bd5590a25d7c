/** What the suites show of the names of the kernel's headers: where each was seen, or why it was not. */
import { kinds, type HeaderNames, type Met, type Named } from '../../harness/studies/header-coverage.ts'
import { byNumbers } from '../run/words.ts'

/** One name. Every list is in the order in which things were met. */
export interface NameCoverage {
  name: string
  /** True where it counts as covered: an ioctl that its own rules answer, everything else that a kernel granted. */
  isSeen: boolean
  /** Of fixtures/not-covered.ts. */
  reason?: string
  rules: string[]
  sequences: string[]
  laws: string[]
  /** Names of the recorded hosts that grant it, and of those that only refuse it. */
  granted: string[]
  refused: string[]
}

/** The names of one kind, in the order of the alphabet. */
export interface KindCoverage {
  kind: Named
  names: NameCoverage[]
}

/** Puts together what was met and the reasons, which are given as names by reason. */
export const coverageOf = (
  headers: HeaderNames,
  met: ReadonlyMap<string, Met>,
  reasons: Readonly<Record<string, readonly string[]>>,
): KindCoverage[] => {
  const reasonOf = new Map(Object.entries(reasons).flatMap(([reason, names]) => names.map((name) => [name, reason])))
  return kinds.map((kind) => ({
    kind,
    names: headers[kind].map((name): NameCoverage => {
      const one = met.get(name)
      const reason = reasonOf.get(name)
      const granted = [...(one?.granted ?? [])],
        refused = [...(one?.refused ?? [])].filter((host) => !granted.includes(host))
      return {
        name,
        isSeen: granted.length > 0 || (kind === 'ioctl' && refused.length > 0),
        ...(reason !== undefined && { reason }),
        rules: [...(one?.rules ?? [])],
        sequences: [...(one?.sequences ?? [])],
        laws: [...(one?.laws ?? [])],
        granted,
        refused,
      }
    }),
  }))
}

/** The names of a kind that were not seen, by their reason; `no reason` where there is none. */
export const unseenByReason = ({ names }: KindCoverage): [string, string[]][] => {
  const by = new Map<string, string[]>()
  for (const { name, isSeen, reason = 'no reason' } of names)
    if (!isSeen) by.set(reason, [...(by.get(reason) ?? []), name])
  return [...by]
}

const branchOf = (host: string): string => host.split('-')[0]!

/** Names of hosts, release by release: `5.10, 6.1 (max-gicv3, max-gicv2)`; a release alone stands for all its hosts. */
const hostsInWords = (names: readonly string[], all: readonly string[]): string =>
  [...new Set(all.map(branchOf))]
    .toSorted(byNumbers)
    .flatMap((branch) => {
      const [own, its] = [names, all].map((hosts) => hosts.filter((host) => branchOf(host) === branch)) as [
        string[],
        string[],
      ]
      if (own.length === 0) return []
      return own.length === its.length
        ? branch
        : `${branch} (${own.map((host) => host.slice(branch.length + 1)).join(', ')})`
    })
    .join(', ')

/** What is said of a name that was seen, a word and a sentence each; `hosts`: all that were recorded. */
export const factsOf = (one: NameCoverage, kind: Named, hosts: readonly string[]): [string, string][] =>
  [
    ['rules', one.rules.map((id) => id.replace(`${one.name}/`, '')).join('; ')],
    ['sequences', one.sequences.length === 0 ? '' : String(one.sequences.length)],
    ['laws', one.laws.join('; ')],
    [kind === 'capability' ? 'offered by' : 'granted by', hostsInWords(one.granted, hosts)],
    ['refused by', kind === 'capability' ? '' : hostsInWords(one.refused, hosts)],
  ].filter((fact): fact is [string, string] => fact[1] !== '')

/** `capabilities` */
export const plural = (kind: Named): string => (kind === 'capability' ? 'capabilities' : `${kind}s`)

/** How many names of each kind were seen: `71 of 258 capabilities`. */
export const figures = (coverage: readonly KindCoverage[]): string[] =>
  coverage.map(({ kind, names }) => `${names.filter(({ isSeen }) => isSeen).length} of ${names.length} ${plural(kind)}`)
