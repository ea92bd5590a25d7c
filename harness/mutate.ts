/** Kernels that are wrong in one place: the table with a rule forgotten, an errno changed, or two neighbours swapped. */
import { abi } from './abi/index.ts'
import { everyCall } from './abi/every-call.ts'
import type { Errno, Ioctl, Refusal } from './ioctl.ts'
import { rulesOf, type Rules } from './rules.ts'
import type { Release } from './release.ts'

export type Kind = 'forgotten' | 'errno' | 'swapped'

export interface Mutant {
  kind: Kind
  /** The ioctl whose rule it is; `every call` for those that precede all. */
  ioctl: string
  /** The rule, or the first of two. */
  why: string
  /** Stable and readable: `KVM_RUN too early forgotten`. */
  name: string
  rules: Map<Ioctl, Rules>
}

/** An errno that neither this row nor its documentation allows. */
const another = ({ errno, instead }: Refusal<any>): Errno => (['EINVAL', 'EPERM', 'ENOENT'] as const).find((e) => e !== errno && e !== instead?.errno)!

type Change = (refuses: readonly Refusal<any>[], at: number) => Refusal<any>[]
const without: Change = (refuses, at) => refuses.toSpliced(at, 1)
const changed: Change = (refuses, at) => refuses.with(at, { ...refuses[at]!, errno: another(refuses[at]!) })
const swapped: Change = (refuses, at) => refuses.with(at, refuses[at + 1]!).with(at + 1, refuses[at]!)

/** How many of an ioctl's rules are those of every call. */
const shared = (ioctl: Ioctl) => everyCall(ioctl, true).length

/** Rows that answer alike, and change and write back nothing: the order of two such rows is invisible by construction. */
const alike = (a: Refusal<any>, b: Refusal<any>) => a.errno === b.errno && !a.leaves && !b.leaves && !a.gives && !b.gives

/**
 * Every mutant of the rules of `release`. Rules of every call are mutated for all ioctls at once. Swaps of rows that answer
 * alike are left out.
 */
export const mutantsOf = (release: Release): Mutant[] => {
  const rules = rulesOf(release)
  const mutants: Mutant[] = []
  const add = (kind: Kind, ioctl: string, row: Refusal<any>, change: (of: Ioctl, refuses: readonly Refusal<any>[]) => readonly Refusal<any>[], label = row.why) => {
    const own = new Map([...rules].map(([of, r]) => [of, { ...r, refuses: change(of, r.refuses) }]))
    mutants.push({ kind, ioctl, why: row.why, name: `${ioctl} (${label}) ${kind}`, rules: own })
  }
  const onlyIn = (ioctl: Ioctl, change: Change, at: number) => (of: Ioctl, refuses: readonly Refusal<any>[]) => (of === ioctl ? change(refuses, at) : refuses)
  const everywhere = (change: Change, at: number) => (_: Ioctl, refuses: readonly Refusal<any>[]) => change(refuses, at)

  const first = abi[0]!
  const common = rules.get(first)!.refuses.slice(0, shared(first))
  common.forEach((row, at) => {
    add('forgotten', 'every call', row, everywhere(without, at))
    add('errno', 'every call', row, everywhere(changed, at))
    const next = common[at + 1]
    if (next && !alike(row, next)) add('swapped', 'every call', row, everywhere(swapped, at), `${row.why}, ${next.why}`)
  })
  for (const ioctl of abi) {
    const { refuses } = rules.get(ioctl)!
    for (let at = shared(ioctl); at < refuses.length; at++) {
      const row = refuses[at]!, next = refuses[at + 1]
      add('forgotten', ioctl.name, row, onlyIn(ioctl, without, at))
      add('errno', ioctl.name, row, onlyIn(ioctl, changed, at))
      if (next && !alike(row, next)) add('swapped', ioctl.name, row, onlyIn(ioctl, swapped, at), `${row.why}, ${next.why}`)
    }
  }
  return mutants
}
