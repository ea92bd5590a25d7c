/** Looks for the shortest example of each row of the table, on all recorded hosts. */
import fc from 'fast-check'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { abi, namedIn } from '../../abi/index.ts'
import { anyCalls } from '../../generate/any-calls.ts'
import { sortOf, type Call } from '../../model/call.ts'
import type { Host } from '../../model/host.ts'
import { holdsIn } from '../../model/release.ts'
import { deciding } from '../../oracle/coverage.ts'
import { answersIn } from '../../oracle/mock.ts'
import { turns } from '../../oracle/turns.ts'
import { printCall } from '../../table/notation.ts'
import type { Ioctl } from '../../model/rule.ts'
import type { Row } from '../../table/rows.ts'
import { boot } from '../../table/rules.ts'
import { callsOf, endsAt, exampleOf, selfContained, type Example } from './example.ts'

/**
 * Random sequences that are looked through; arguments tried for a call; calls before a last one that is looked
 * for.
 */
const DRAWN = 12_000,
  TRIED = 1500,
  BEFORE = 6

/** Where examples are looked for: the ioctls of a table, the hosts whose kernels speak it, and traces worth a look. */
export interface Ground {
  ioctls: readonly Ioctl[]
  hosts: readonly Host[]
  texts: readonly string[]
  /** How many random sequences are looked through. */
  drawn?: number
}

/** What shipped, on every recorded host. */
export const shippedGround = (texts: readonly string[]): Ground => ({
  ioctls: abi,
  hosts: hostNames.map((name) => hostNamed(name)),
  texts,
})

/** Short traces first, then those of fewer words. */
const weight = (calls: readonly Call[]): number =>
  calls.length * 1000 + calls.reduce((sum, call) => sum + printCall(call).length, 0)

/** Keeps of each row's lists on `host` the shortest so far. */
const gather = (
  best: Map<string, { host: Host; calls: readonly Call[] }>,
  host: Host,
  lists: readonly (readonly Call[])[],
): void => {
  for (const calls of lists) {
    const world = boot(host)
    let length = 0
    for (const { call, table } of turns(world, calls.slice(0, selfContained(calls)))) {
      length++
      // What is begun in the background shows less than the same call without that.
      const id = call.ioctl.isBegun?.(call.arg) ? undefined : deciding(world, call, table)?.id
      const known = id === undefined ? undefined : best.get(id)
      if (id !== undefined && (!known || known.calls.length > length))
        best.set(id, { host, calls: calls.slice(0, length) })
    }
  }
}

/** Arguments for an ioctl on such a descriptor, those that print shortest first. */
const argumentsOf = (() => {
  const drawn = new Map<Ioctl, Map<string, unknown[]>>()
  return ({ ioctl, on }: Call): unknown[] => {
    const sort = sortOf(on)
    const bySort = drawn.get(ioctl) ?? new Map<string, unknown[]>()
    drawn.set(ioctl, bySort)
    let args = bySort.get(sort)
    if (!args) {
      const byText = new Map(
        fc
          .sample(ioctl.takes.any(sort), { numRuns: TRIED, seed: 1 })
          .map((arg) => [ioctl.takes.print(arg, sort), arg] as const),
      )
      args = [...byText].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)).map(([, arg]) => arg)
      bySort.set(sort, args)
    }
    return args
  }
})()

/** Without the generator's way to print itself. */
const withoutPrinter = ({ on, ioctl, arg, into, by, noFd }: Call): Call => ({
  on,
  ioctl,
  arg,
  ...(into !== undefined && { into }),
  ...(by && { by }),
  ...(noFd && { noFd }),
})

/** The calls that lead to each state worth a look, shortest first: those before and up to the end of each example. */
const waysOf = (found: Iterable<{ calls: readonly Call[] }>): (readonly Call[])[] => {
  const ways = new Map<string, readonly Call[]>()
  for (const { calls } of found)
    for (const way of [calls.slice(0, -1), calls])
      if (way.length <= BEFORE) ways.set(way.map((call) => printCall(call)).join('\n'), way.map(withoutPrinter))
  return [...ways.values()].sort((a, b) => weight(a) - weight(b))
}

/** A last call behind one of `ways` that ends at the row, on the first host where there is one. */
const lookedFor = (
  { id, ioctl: name, ...dated }: Row,
  ways: readonly (readonly Call[])[],
  { ioctls, hosts }: Ground,
): { host: Host; calls: readonly Call[] } | undefined => {
  const ioctl = namedIn(ioctls, name)
  if (!ioctl) return undefined
  for (const host of hosts.filter(({ kernel: { release } }) => holdsIn(release, dated)))
    for (const way of ways) {
      const world = boot(host)
      answersIn(world, way)
      for (const [on, { kind }] of world.descriptors) {
        if (!ioctl.on.includes(kind)) continue
        for (const arg of argumentsOf({ ioctl, on, arg: undefined }))
          if (deciding(world, { on, ioctl, arg })?.id === id) return { host, calls: [...way, { on, ioctl, arg }] }
      }
    }
  return undefined
}

/** Drops calls and simplifies arguments as long as the list still ends at the row. */
const shrunk = (id: string, host: Host, from: readonly Call[]): readonly Call[] => {
  let calls = from
  for (let again = true; again;) {
    again = false
    const tries = (candidate: readonly Call[]) => {
      if (weight(candidate) >= weight(calls) || endsAt(host, candidate) !== id) return false
      calls = candidate
      return (again = true)
    }
    for (let i = calls.length - 2; i >= 0; i--) tries(calls.toSpliced(i, 1))
    for (let i = calls.length - 1; i >= 0; i--)
      for (const arg of argumentsOf(calls[i]!)) if (tries(calls.with(i, withoutPrinter({ ...calls[i]!, arg })))) break
  }
  return calls
}
/**
 * The shortest examples of these rows, by row id, the same each time; a row for which none was found is missing.
 */
export const shortestOf = (wanted: readonly Row[], ground: Ground): Map<string, Example> => {
  const examples = new Map<string, Example>()
  if (wanted.length === 0) return examples
  const { ioctls, hosts, texts, drawn = DRAWN } = ground
  // What shipped is drawn for any host: what one refuses another shows.
  const aim = ioctls === abi ? {} : { host: hosts[0]! }
  const lists = [
    ...texts.map((text) => callsOf(text, ioctls)),
    ...fc.sample(anyCalls(undefined, aim), { numRuns: drawn, seed: 1 }),
  ]
  const best = new Map<string, { host: Host; calls: readonly Call[] }>()
  for (const host of hosts) gather(best, host, lists)
  const ways = waysOf(best.values())
  for (const row of wanted) {
    const { host, calls } = best.get(row.id) ?? lookedFor(row, ways, ground) ?? {}
    if (host && calls) examples.set(row.id, exampleOf(row.id, host, shrunk(row.id, host, calls)))
  }
  return examples
}
