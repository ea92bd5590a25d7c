/**
 * Kernels that are wrong in one place: the table with a rule forgotten, an errno changed, or two neighbours swapped.
 */
import type { Errno } from '../../names/index.ts'
import { abi } from '../../abi/index.ts'
import { ioctlsOf } from '../../dialects/index.ts'
import type { Host } from '../../model/host.ts'
import { everyCall } from '../../abi/every-call.ts'
import { rowOf, type Row } from '../../table/rows.ts'
import { disjoint, type Ioctl, type Refusal } from '../../model/rule.ts'
import { rulesOf, type Rules } from '../../table/rules.ts'

export type Mutation = 'forgotten' | 'errno' | 'swapped'

export interface Mutant {
  kind: Mutation
  /** The rule, or the first of two: what differs first is an answer that it decided. */
  row: Row
  /** Stable and readable: `KVM_RUN/too early forgotten`. The same mutant has the same name in every release. */
  name: string
  rules: Map<Ioctl, Rules>
}

/** An errno that neither this row nor its documentation allows. */
const another = ({ errno, instead }: Refusal<any>): Errno =>
  (['EINVAL', 'EPERM', 'ENOENT'] as const).find((e) => e !== errno && e !== instead?.errno)!

type Refusals = readonly Refusal<any>[]

/**
 * Rows that answer alike, and change and write back the same if anything: the order of two such rows is invisible by
 * construction.
 */
const haveOneEffect = (a: Refusal<any>, b: Refusal<any>) =>
  a.errno === b.errno && a.leaves === b.leaves && a.gives === b.gives

/** The next row that can apply to the same call as row `at`, and so is its neighbour; -1: none follows. */
const neighbour = (refuses: Refusals, at: number): number =>
  refuses.findIndex((row, i) => i > at && !disjoint(refuses[at]!.of, row.of))

const shipped = new Set<Refusal<any>>(abi.flatMap(({ refuses }) => refuses))

/** How many of an ioctl's rules are those of every call. */
const shared = (ioctl: Ioctl) => everyCall(ioctl, true).length

/**
 * Every mutant of the rules of the host's release; of a kernel that speaks a dialect, of those rules that did not ship.
 * Rules of every call are mutated for all ioctls at once. Swaps of rows that answer alike are left out.
 */
export const mutantsOf = (host: Host): Mutant[] => {
  const ioctls = ioctlsOf(host)
  const rules = rulesOf(host.kernel.release, ioctls)
  const first = ioctls[0]!
  const common = shared(first)
  const mutantsAt = (ioctl: Ioctl, at: number, isEverywhere: boolean): Mutant[] => {
    const { refuses } = rules.get(ioctl)!
    const row = refuses[at]!
    const rowFor = (one: Refusal<any>): Row => rowOf(ioctl, one, ioctls)!
    const { id } = rowFor(row)
    const mutant = (kind: Mutation, name: string, change: (all: Refusals) => Refusals): Mutant => ({
      kind,
      row: rowFor(row),
      name,
      rules: new Map(
        [...rules].map(([of, r]) => [
          of,
          (isEverywhere ? shared(of) > 0 : of === ioctl) ? { ...r, refuses: change(r.refuses) } : r,
        ]),
      ),
    })
    const next = neighbour(isEverywhere ? refuses.slice(0, common) : refuses, at)
    return [
      mutant('forgotten', `${id} forgotten`, (all) => all.toSpliced(at, 1)),
      mutant('errno', `${id} errno`, (all) => all.with(at, { ...all[at]!, errno: another(row) })),
      // Rows between the two never apply where the first does, so that only the order of these two changes.
      ...(next < 0 || haveOneEffect(row, refuses[next]!)
        ? []
        : [
            mutant('swapped', `${id} after ${rowFor(refuses[next]!).id}`, (all) =>
              all.toSpliced(next + 1, 0, all[at]!).toSpliced(at, 1),
            ),
          ]),
    ]
  }
  const isShipped = host.kernel.dialect === undefined
  return [
    ...(isShipped ? [...Array(common).keys()].flatMap((at) => mutantsAt(first, at, true)) : []),
    ...ioctls.flatMap((ioctl) =>
      rules
        .get(ioctl)!
        .refuses.slice(shared(ioctl))
        .flatMap((row, i) => (isShipped || !shipped.has(row) ? mutantsAt(ioctl, i + shared(ioctl), false) : [])),
    ),
  ]
}
