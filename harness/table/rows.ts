/**
 * Every row of a table by its id: `KVM_CREATE_VCPU/too many vcpus`, and where an ioctl has several rows of one
 * `why`, what tells them apart: `KVM_CREATE_VCPU/too many vcpus/as many as ids`. No id holds a release, so that it
 * stays the same when a row is dated anew.
 */
import { abi } from '../abi/index.ts'
import { everyCall } from '../abi/every-call.ts'
import { holdsIn, type Dated, type Release } from '../model/release.ts'
import type { Grant, Ioctl, Of, Refusal } from '../model/rule.ts'
import { UserError } from '../process/user-error.ts'

/** One row of the table: a refusal, or the grant of an ioctl (`ok`). */
export interface Row extends Dated {
  id: string
  ioctl: string
  why: string
  /** As of Refusal. */
  unseen?: string
  example?: string
}

/** What an id is made of; `rule`: the row's object. */
interface Part extends Omit<Row, 'id'> {
  rule: object
  variant?: string
  of: Of
}

const EVERY_CALL = 'every call'

const partOf = (ioctl: string, rule: Refusal<any> | Grant<any>, since = rule.since): Part => ({
  rule,
  ioctl,
  why: 'why' in rule ? rule.why : 'ok',
  of: ('of' in rule && rule.of) || {},
  ...('unseen' in rule && { unseen: rule.unseen! }),
  ...('example' in rule && { example: rule.example! }),
  ...(rule.variant !== undefined && { variant: rule.variant }),
  ...(since !== undefined && { since }),
  ...(rule.until !== undefined && { until: rule.until }),
})

const partsOf = (common: readonly Refusal<any>[], ioctls: readonly Ioctl[]): Part[] => [
  ...common.map((rule) => partOf(EVERY_CALL, rule)),
  ...ioctls.flatMap(({ name, since, on, refuses, grants }) => [
    ...refuses.map((rule) => partOf(name, rule, rule.since ?? since)),
    // What no descriptor is made for is never granted.
    ...(on.length === 0 ? [] : [grants].flat()).map((rule: Grant<any>) => partOf(name, rule, rule.since ?? since)),
  ]),
]

/** With the device, where the rows of several stand in one list. */
const withoutVariant = ({ ioctl, why, of: { device } }: Part): string =>
  [ioctl, why, ...[device ?? []].flat().slice(0, 1)].join('/')

/** What calls the row is about, in the respect that says most. */
const about = ({ of }: Part): string[] => {
  const [, cases] = Object.entries(of).findLast(([respect]) => respect !== 'device') ?? []
  return cases === undefined ? [] : [[cases].flat().join(', ')]
}

/** The ids of `parts`, in their order. Throws a UserError where two are the same. */
const idsOf = (parts: readonly Part[]): string[] => {
  const timesOf = new Map<string, number>()
  for (const part of parts) {
    const id = withoutVariant(part)
    if (part.variant === undefined) timesOf.set(id, (timesOf.get(id) ?? 0) + 1)
  }
  const ids = new Set<string>()
  for (const part of parts) {
    const short = withoutVariant(part)
    const told = part.variant !== undefined ? [part.variant] : timesOf.get(short) === 1 ? [] : about(part)
    const id = [short, ...told].join('/')
    if (ids.has(id))
      throw new UserError(
        `two rows of ${part.ioctl} have the id ${id}; give one of them a variant, in words that tell it from the other`,
      )
    ids.add(id)
  }
  return [...ids]
}

/** A table's rows, and the way to them from the rules. */
interface Rows {
  /** In the table's order. */
  rows: readonly Row[]
  /** By ioctl, since one object may be a row of several. */
  index: ReadonlyMap<string, ReadonlyMap<object, Row>>
  ofEveryCall: ReadonlyMap<string, Row>
}

const gathered = (ioctls: readonly Ioctl[]): Rows => {
  const common: readonly Refusal<any>[] = everyCall(ioctls[0]!, true)
  const parts = partsOf(common, ioctls)
  const ids = idsOf(parts)
  const rows = parts.map(({ ioctl, why, unseen, example, since, until }, i): Row => ({
    id: ids[i]!,
    ioctl,
    why,
    ...(unseen !== undefined && { unseen }),
    ...(example !== undefined && { example }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }))
  const index = new Map<string, Map<object, Row>>()
  for (const [i, { ioctl, rule }] of parts.entries()) {
    const own = index.get(ioctl) ?? new Map<object, Row>()
    index.set(ioctl, own.set(rule, rows[i]!))
  }
  return { rows, index, ofEveryCall: new Map(common.map(({ why, errno }, i) => [`${errno} ${why}`, rows[i]!])) }
}

const known = new WeakMap<readonly Ioctl[], Rows>()

/** The rows of these ioctls. Throws a UserError where two would have the same id. */
const rowsFor = (ioctls: readonly Ioctl[]): Rows => {
  let found = known.get(ioctls)
  if (!found) known.set(ioctls, (found = gathered(ioctls)))
  return found
}

/** Every row of these ioctls, in their order. Throws a UserError where two would have the same id. */
export const rowsOf = (ioctls: readonly Ioctl[]): readonly Row[] => rowsFor(ioctls).rows

/** Every row of the table. */
export const rows: readonly Row[] = rowsOf(abi)

/** The row that a refusal or the grant of an ioctl is; undefined for the grant of what is never granted. */
export const rowOf = (ioctl: Ioctl, rule: Refusal<any> | Grant<any>, ioctls = abi): Row | undefined => {
  const { index, ofEveryCall } = rowsFor(ioctls)
  return index.get(ioctl.name)?.get(rule) ?? ('why' in rule ? ofEveryCall.get(`${rule.errno} ${rule.why}`) : undefined)
}

/** The rows that a kernel of `release` has. */
export const rowsIn = (release: Release): Row[] => rows.filter((row) => holdsIn(release, row))
