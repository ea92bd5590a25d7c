/**
 * For each row of the table the shortest list of calls that ends at it, on a recorded host: its example in the ABI
 * book.
 */
import fc from 'fast-check'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { ioctlNamed } from '../abi/index.ts'
import { makes, sortOf, type Call, type Step } from '../model/call.ts'
import { UserError } from '../process/user-error.ts'
import { rows, type Row } from '../table/rows.ts'
import { deciding } from '../oracle/coverage.ts'
import type { Host } from '../model/host.ts'
import { answersIn } from '../oracle/mock.ts'
import { turns } from '../oracle/turns.ts'
import { withCreations } from '../table/creations.ts'
import { anyCalls } from '../generate/any-calls.ts'
import { holdsIn } from '../model/release.ts'
import { boot } from '../table/rules.ts'
import { parse, printCall } from '../table/notation.ts'

/**
 * The steps end at the row on this host. VMs and vcpus that they use and do not make are created before, as
 * withCreations does.
 */
export interface Example {
  host: Host
  steps: Step[]
}

/**
 * Random sequences that are looked through; arguments tried for a call; calls before a last one that is looked
 * for.
 */
const DRAWN = 12_000,
  TRIED = 1500,
  BEFORE = 6

/** How many of the calls are on descriptors that calls before them should have made. */
const selfContained = (calls: readonly Call[]): number => {
  const made = new Set(['kvm'])
  const at = calls.findIndex((call) => {
    if (!made.has(call.on)) return true
    const name = makes(call)
    if (name !== undefined) made.add(name)
    return false
  })
  return at < 0 ? calls.length : at
}

/** The id of the row that decides about the last of `calls`. */
const endsAt = (host: Host, calls: readonly Call[]): string | undefined => {
  if (selfContained(calls) < calls.length) return undefined
  const world = boot(host)
  answersIn(world, calls.slice(0, -1))
  return deciding(world, calls.at(-1)!)?.id
}

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
      const id = deciding(world, call, table)?.id
      const known = id === undefined ? undefined : best.get(id)
      if (id !== undefined && (!known || known.calls.length > length))
        best.set(id, { host, calls: calls.slice(0, length) })
    }
  }
}

/** Arguments for an ioctl on such a descriptor, those that print shortest first. */
const argumentsOf = (() => {
  const drawn = new Map<string, unknown[]>()
  return ({ ioctl, on }: Call): unknown[] => {
    const sort = sortOf(on)
    let args = drawn.get(`${ioctl.name} ${sort}`)
    if (!args) {
      const byText = new Map(
        fc
          .sample(ioctl.takes.any(sort), { numRuns: TRIED, seed: 1 })
          .map((arg) => [ioctl.takes.print(arg, sort), arg] as const),
      )
      args = [...byText].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)).map(([, arg]) => arg)
      drawn.set(`${ioctl.name} ${sort}`, args)
    }
    return args
  }
})()

/** The calls that lead to each state worth a look, shortest first: those before and up to the end of each example. */
const waysOf = (found: Iterable<{ calls: readonly Call[] }>): (readonly Call[])[] => {
  const ways = new Map<string, readonly Call[]>()
  for (const { calls } of found)
    for (const way of [calls.slice(0, -1), calls])
      if (way.length <= BEFORE) ways.set(way.map((call) => printCall(call)).join('\n'), way.map(plain))
  return [...ways.values()].sort((a, b) => weight(a) - weight(b))
}

/** A last call behind one of `ways` that ends at the row, on the first host where there is one. */
const lookedFor = (
  { id, ioctl: name, ...dated }: Row,
  ways: readonly (readonly Call[])[],
): { host: Host; calls: readonly Call[] } | undefined => {
  const ioctl = ioctlNamed(name)
  if (!ioctl) return undefined
  for (const host of hostNames.map((h) => hostNamed(h)).filter(({ kernel: { release } }) => holdsIn(release, dated)))
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
      for (const arg of argumentsOf(calls[i]!)) if (tries(calls.with(i, plain({ ...calls[i]!, arg })))) break
  }
  return calls
}
/** Without the generator's way to print itself. */
const plain = ({ on, ioctl, arg, into, child }: Call): Call => ({
  on,
  ioctl,
  arg,
  ...(into !== undefined && { into }),
  ...(child && { child }),
})

/** The calls of a text, with the creations it leaves out. */
const callsOf = (text: string): readonly Call[] => withCreations(parse(text)).map(({ call }) => call)

/** What withCreations makes, too. */
const isPlainCreation = ({ on, ioctl, arg, into }: Call): boolean =>
  (into === undefined || into === makes({ on, ioctl, arg }))
  && (ioctl.name === 'KVM_CREATE_VCPU' || (ioctl.name === 'KVM_CREATE_VM' && arg === 0n))
const complete = (calls: readonly Call[]): Call[] =>
  withCreations(calls.map((call) => ({ call }))).map(({ call }) => call)

/** The calls with the answers that the table gives on that host; without creations that go without saying. */
const exampleOf = (id: string, host: Host, calls: readonly Call[]): Example => {
  let shown = calls
  for (const call of calls.slice(0, -1)) {
    if (!isPlainCreation(call)) continue
    const fewer = shown.filter((one) => one !== call)
    if (endsAt(host, complete(fewer)) === id) shown = fewer
    // Without its VM a vcpu cannot be left out.
    else if (call.ioctl.name === 'KVM_CREATE_VM') break
  }
  const steps = Array.from(turns(boot(host), complete(shown)), ({ call, answer }) => ({ call, answer }))
  return { host, steps: steps.filter(({ call }) => shown.includes(call)) }
}

/**
 * The shortest examples of these rows, by row id, the same each time; a row for which none was found is missing.
 * `texts`: traces worth a look. `drawn`: how many random sequences are looked through.
 */
export const shortestOf = (wanted: readonly Row[], texts: readonly string[], drawn = DRAWN): Map<string, Example> => {
  const examples = new Map<string, Example>()
  if (wanted.length === 0) return examples
  const lists = [...texts.map(callsOf), ...fc.sample(anyCalls(), { numRuns: drawn, seed: 1 })]
  const best = new Map<string, { host: Host; calls: readonly Call[] }>()
  for (const name of hostNames) gather(best, hostNamed(name), lists)
  const ways = waysOf(best.values())
  for (const row of wanted) {
    const { host, calls } = best.get(row.id) ?? lookedFor(row, ways) ?? {}
    if (host && calls) examples.set(row.id, exampleOf(row.id, host, shrunk(row.id, host, calls)))
  }
  return examples
}

/** Examples as a file keeps them: the host's name and the lines of the trace. */
export type Kept = Record<string, { host: string; trace: string[] }>

/** The examples that were kept and still show their row, answered anew. */
export const stillShown = (kept: Kept): Map<string, Example> => {
  const examples = new Map<string, Example>()
  for (const { id } of rows) {
    const one = kept[id]
    if (!one) continue
    try {
      const host = hostNamed(one.host)
      const calls = callsOf(one.trace.join('\n'))
      if (endsAt(host, calls) === id) examples.set(id, exampleOf(id, host, calls))
    } catch (error) {
      // The notation or the hosts moved on: it is looked for again.
      if (!(error instanceof UserError)) throw error
    }
  }
  return examples
}
