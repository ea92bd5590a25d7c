/**
 * An example of a row of the table: a list of calls that ends at it, on a recorded host. The ABI book shows one of
 * each.
 */
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { makes, type Call, type Step } from '../../model/call.ts'
import type { Host } from '../../model/host.ts'
import type { Ioctl } from '../../model/rule.ts'
import { deciding } from '../../oracle/coverage.ts'
import { answersIn } from '../../oracle/mock.ts'
import { turns } from '../../oracle/turns.ts'
import { UserError } from '../../process/user-error.ts'
import { withCreations } from '../../table/creations.ts'
import { ioctlsOf } from '../../dialects/index.ts'
import { parse } from '../../table/notation.ts'
import { rows } from '../../table/rows.ts'
import { boot } from '../../table/rules.ts'

/**
 * The steps end at the row on this host. VMs and vcpus that they use and do not make are created before, as
 * withCreations does.
 */
export interface Example {
  host: Host
  steps: Step[]
}

/** How many of the calls are on descriptors that calls before them should have made. */
export const selfContained = (calls: readonly Call[]): number => {
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
export const endsAt = (host: Host, calls: readonly Call[]): string | undefined => {
  if (selfContained(calls) < calls.length) return undefined
  const world = boot(host)
  answersIn(world, calls.slice(0, -1))
  return deciding(world, calls.at(-1)!)?.id
}

/** The calls of a text, with the creations it leaves out; `ioctls` are those of a dialect's kernel. */
export const callsOf = (text: string, ioctls?: readonly Ioctl[]): readonly Call[] =>
  withCreations(parse(text, undefined, ioctls), undefined, ioctls).map(({ call }) => call)

/** What withCreations makes, too. */
const isPlainCreation = ({ on, ioctl, arg, into, by, noFd }: Call): boolean =>
  by === undefined && !noFd && ioctl.name === 'KVM_CREATE_VM'
    ? arg === 0n
    : ioctl.name === 'KVM_CREATE_VCPU' && (into === undefined || into === makes({ on, ioctl, arg }))

/** With the creations that are left out; undefined where those cannot be left out. */
const completed = (host: Host, calls: readonly Call[]): Call[] | undefined => {
  try {
    return withCreations(
      calls.map((call) => ({ call })),
      undefined,
      ioctlsOf(host),
    ).map(({ call }) => call)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The calls with the answers that the table gives on that host; without creations that go without saying. */
export const exampleOf = (id: string, host: Host, calls: readonly Call[]): Example => {
  let shown = calls
  for (const call of calls.slice(0, -1)) {
    if (!isPlainCreation(call)) continue
    const fewer = shown.filter((one) => one !== call)
    const whole = completed(host, fewer)
    if (whole && endsAt(host, whole) === id) shown = fewer
    // Without its VM a vcpu cannot be left out.
    else if (call.ioctl.name === 'KVM_CREATE_VM') break
  }
  const steps = Array.from(turns(boot(host), completed(host, shown) ?? shown), ({ call, answer }) => ({ call, answer }))
  return { host, steps: steps.filter(({ call }) => shown.includes(call)) }
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
