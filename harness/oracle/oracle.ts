/** The table as judge: what is allowed here, and what an answer makes of the world. */
import type { RuledWorld } from '../table/rules.ts'
import { makes, type Answer, type Call } from '../model/call.ts'
import type { Refusal } from '../model/rule.ts'
import { errnoName, errnos, type Errno } from '../names/index.ts'
import type { Here } from '../model/world.ts'

/** What one call may be answered with: −errno and the rule, or ok. */
export interface Allowed {
  errno?: Errno
  refusal?: Refusal<any>
  value?: bigint
  list?: bigint[]
  isUnordered?: boolean
  varies?: boolean
}

export type Opinion =
  /** the answer this release is recorded to give */
  | { verdict: 'conforms'; why?: string }
  /** another refusal that applies too, or the one the text names: the kernel moved, the contract still holds */
  | { verdict: 'drifts'; why: string; expected: Allowed }
  | { verdict: 'violates'; allowed: Allowed[]; expected: Allowed }

const nowhere = {} as Here

/** Where `call` would be made; a name without descriptor gives an empty Here, which `no descriptor` recognizes. */
const at = (world: RuledWorld, call: Call): Here => world.descriptors.get(call.on) ?? nowhere

/** What the table answers: the first refusal that applies, else the grant. Does not change the world. */
export const expected = (world: RuledWorld, call: Call): Allowed => {
  const here = at(world, call)
  const { refuses, grant } = world.rules.get(call.ioctl)!
  for (const refusal of refuses)
    if (refusal.when(here, call.arg, call)) {
      const value = refusal.gives?.(here, call.arg)
      return { errno: refusal.errno, refusal, ...(value !== undefined && { value }) }
    }
  const value = grant.gives?.(here, call.arg)
  const list = grant.lists?.(here, call.arg)
  return {
    ...(value !== undefined && { value }),
    ...(list && { list, ...(grant.isUnordered?.(here) && { isUnordered: true }) }),
    ...(grant.varies?.(here, call.arg) && { varies: true }),
  }
}

/** Whether a row applies where one before it may as well: it may then look at what is not there, and says nothing. */
const appliesToo = (refusal: Refusal<any>, here: Here, call: Call): boolean => {
  try {
    return refusal.when(here, call.arg, call)
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Every answer that does not violate, the expected one first. */
export const allowed = (world: RuledWorld, call: Call): Allowed[] => {
  const here = at(world, call)
  const applying: Allowed[] = []
  for (const refusal of world.rules.get(call.ioctl)!.refuses)
    if (appliesToo(refusal, here, call)) {
      applying.push({ errno: refusal.errno, refusal })
      if (refusal.instead) applying.push({ errno: refusal.instead.errno, refusal })
      // Without a descriptor, or once the VM is gone, no later check is ever reached.
      if (
        refusal.why === 'no descriptor'
        || refusal.why === 'unknown ioctl'
        || refusal.why === 'dead VM'
        || refusal.why === 'other mm'
      )
        break
    }
  return applying.length > 0 ? applying : [expected(world, call)]
}

/** Changes the world as the answer says: by the grant if it was ok, by what a refusal leaves otherwise. */
export const advance = (world: RuledWorld, call: Call, answer: Answer): void => {
  const here = at(world, call)
  const rules = world.rules.get(call.ioctl)!
  if (answer.ret >= 0) {
    if (here !== nowhere) rules.grant.then?.(here, call.arg, makes(call)!)
    return
  }
  const errno = errnoName(-answer.ret)
  rules.refuses.find((r) => r.errno === errno && appliesToo(r, here, call))?.leaves?.(here, call.arg)
}

const sameErrno = (answer: Answer, { errno }: Allowed) =>
  errno === undefined ? answer.ret >= 0 : -answer.ret === errnos[errno]

const sorted = (ids: readonly bigint[]) => ids.toSorted((a, b) => (a < b ? -1 : 1))

const sameList = (came: readonly bigint[], list: readonly bigint[], isUnordered = false): boolean =>
  isUnordered
    ? sameList(sorted(came), sorted(list))
    : list.length === came.length && list.every((id, i) => id === came[i])

const sameValue = (answer: Answer, { value, list, isUnordered, varies }: Allowed) =>
  varies === true
  || ((value === undefined || answer.value === undefined || value === answer.value)
    && (list === undefined || answer.list === undefined || sameList(answer.list, list, isUnordered)))

/** Judges one answer in the world before the call. Does not change the world. */
export const judge = (world: RuledWorld, call: Call, answer: Answer): Opinion => {
  const first = expected(world, call)
  if (sameErrno(answer, first) && sameValue(answer, first))
    return { verdict: 'conforms', ...(first.refusal && { why: first.refusal.why }) }
  const all = allowed(world, call)
  const other = all.find((a) => a.errno !== undefined && sameErrno(answer, a))
  return other && !sameErrno(answer, first)
    ? { verdict: 'drifts', why: other.refusal!.why, expected: first }
    : { verdict: 'violates', allowed: all, expected: first }
}
