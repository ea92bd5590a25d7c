/** The table as judge: what it answers to a call, what else it allows, and what to think of an answer that came. */
import type { Answer, Call } from '../model/call.ts'
import type { Refusal } from '../model/rule.ts'
import { isRunUnknown } from '../model/vcpu.ts'
import type { Here } from '../model/world.ts'
import { errnos, type Errno } from '../names/index.ts'
import type { RuledWorld } from '../table/rules.ts'

/** What one call may be answered with: an errno and the row that refuses, or ok. */
export interface Allowed {
  errno?: Errno
  refusal?: Refusal<any>
  value?: bigint
  list?: bigint[]
  isUnordered?: boolean
  varies?: boolean
  /** The kernel may choose one of these values: `value` is what the mock answers. They vary. */
  values?: readonly bigint[]
  /** Nobody has looked what kernels answer: this is only what the mock does. */
  isGuess?: boolean
}

export type Opinion =
  /** the answer this release is recorded to give */
  | { verdict: 'conforms'; why?: string }
  /** another refusal that applies too, or the one the text names: the kernel moved, the contract still holds */
  | { verdict: 'drifts'; why: string }
  | { verdict: 'violates'; allowed: Allowed[] }
  /** nobody has looked what kernels answer here: whatever came, it is not judged */
  | { verdict: 'unknown' }

const noDescriptor = {} as Here

/** Where `call` is made; for a name without a descriptor an empty Here, which the row `no descriptor` recognizes. */
export const hereOf = (world: RuledWorld, { on, ioctl }: Call): Here =>
  (ioctl.syscall === 'join' ? world.background?.get(on) : world.descriptors.get(on)) ?? noDescriptor

/**
 * True where the call waits until a KVM_RUN on its vcpu ends that another thread has begun: kernels hold a lock so
 * long.
 */
export const waitsForRun = (world: RuledWorld, call: Call): boolean => {
  const { kind, vcpu } = hereOf(world, call)
  return kind === 'vcpu' && vcpu.running !== undefined && !call.ioctl.syscall && call.by !== 'child'
}

/** True where nobody knows what vcpus do at this moment, so that nothing is known of any answer. */
const isAnyRunUnknown = ({ background }: RuledWorld): boolean =>
  background !== undefined && [...background.values()].some(({ vcpu }) => isRunUnknown(vcpu))

/** What the table answers: the first refusal that applies, else the grant. Does not change the world. */
export const expected = (world: RuledWorld, call: Call): Allowed => {
  const { ioctl, arg } = call
  const table = looked(world, call)
  if (isAnyRunUnknown(world) || waitsForRun(world, call)) return { ...table, isGuess: true }
  if (ioctl.isGuess === undefined) return table
  const here = hereOf(world, call)
  const isMadeFor = here.kind !== undefined && (ioctl.on.length === 0 || ioctl.on.includes(here.kind))
  return isMadeFor && ioctl.isGuess(here, arg, table.refusal) ? { ...table, isGuess: true } : table
}

const looked = (world: RuledWorld, call: Call): Allowed => {
  const here = hereOf(world, call)
  const { refuses, grant } = world.rules.get(call.ioctl)!
  for (const refusal of refuses)
    if (refusal.when(here, call.arg, call)) {
      const value = refusal.gives?.(here, call.arg)
      return { errno: refusal.errno, refusal, ...(value !== undefined && { value }) }
    }
  const value = grant.gives?.(here, call.arg)
  const values = grant.oneOf?.(here, call.arg)
  const list = grant.lists?.(here, call.arg)
  return {
    ...(value !== undefined && { value }),
    ...(list && { list, ...(grant.isUnordered?.(here) && { isUnordered: true }) }),
    ...(grant.varies?.(here, call.arg) && { varies: true }),
    ...(values && { values, varies: true }),
    ...(grant.isGuess?.(here, call.arg) && { isGuess: true }),
  }
}

/** Every refusal that applies, in the kernel's order, up to one after which it looks no further. */
export const applying = (world: RuledWorld, call: Call): Refusal<any>[] => {
  const here = hereOf(world, call)
  const found: Refusal<any>[] = []
  for (const refusal of world.rules.get(call.ioctl)!.refuses)
    if (refusal.when(here, call.arg, call)) {
      found.push(refusal)
      if (refusal.ends) break
    }
  return found
}

/** Every answer that does not violate, the expected one first. */
const allowedAnswers = (world: RuledWorld, call: Call, table: Allowed): Allowed[] => {
  const refusals = applying(world, call)
  if (refusals.length === 0) return [table]
  return refusals.flatMap((refusal) => [
    { errno: refusal.errno, refusal },
    ...(refusal.instead ? [{ errno: refusal.instead.errno, refusal }] : []),
  ])
}

/** What a call that is answered so returns. */
export const retOf = ({ errno }: Pick<Allowed, 'errno'>): number => (errno === undefined ? 0 : -errnos[errno])

const sameErrno = (answer: Answer, { errno }: Allowed) =>
  errno === undefined ? answer.ret >= 0 : -answer.ret === errnos[errno]

const sorted = (ids: readonly bigint[]) => ids.toSorted((a, b) => (a < b ? -1 : 1))

const sameList = (came: readonly bigint[], list: readonly bigint[], isUnordered = false): boolean =>
  isUnordered
    ? sameList(sorted(came), sorted(list))
    : list.length === came.length && list.every((id, i) => id === came[i])

const sameValue = (answer: Answer, { value, values, list, isUnordered, varies }: Allowed): boolean => {
  if (values) return answer.value === undefined || values.includes(answer.value)
  return (
    varies === true
    || ((value === undefined || answer.value === undefined || value === answer.value)
      && (list === undefined || answer.list === undefined || sameList(answer.list, list, isUnordered)))
  )
}

/**
 * What to think of an answer, in the world before the call; `table`: what the table answers. Does not change the world.
 */
export const opinionOf = (world: RuledWorld, call: Call, table: Allowed, answer: Answer): Opinion => {
  if (table.isGuess) return { verdict: 'unknown' }
  if (sameErrno(answer, table)) {
    if (sameValue(answer, table)) return { verdict: 'conforms', ...(table.refusal && { why: table.refusal.why }) }
    return { verdict: 'violates', allowed: allowedAnswers(world, call, table) }
  }
  const allowed = allowedAnswers(world, call, table)
  const other = allowed.find((a) => a.errno !== undefined && sameErrno(answer, a))
  return other ? { verdict: 'drifts', why: other.refusal!.why } : { verdict: 'violates', allowed }
}
