/** Every row of the table by its id. */
import { abi } from '../abi/index.ts'
import { everyCall } from '../abi/every-call.ts'
import type { Dated, Grant, Ioctl, Of, Refusal } from '../model/rule.ts'
import { reached, type Release } from '../model/release.ts'

/** One row of the table: a refusal, or the grant of an ioctl (`ok`). */
export interface Row extends Dated {
  id: string
  ioctl: string
  why: string
}

/** What an id is made of; `key`: the row's object. */
interface Part extends Row {
  key: object
  of: Of
}

const dates = ({ since, until }: Dated) =>
  `${since === undefined ? '' : `, since ${[since].flat()[0]}`}${until === undefined ? '' : `, until ${[until].flat()[0]}`}`

/** With the device where rows of several stand in one list; `fully`: also with what else the row is about, at its closest. */
const nameOf = ({ ioctl, why, of, ...dated }: Omit<Part, 'id' | 'key'>, fully: boolean) => {
  const { device, ...rest } = of
  const about = [
    ...(device === undefined ? [] : [[device].flat()[0]!]),
    ...(fully ? Object.values(rest).slice(-1).flat() : []),
  ]
  return `${[ioctl, ...about].join(' ')} (${why})${dates(dated)}`
}

const parts: Omit<Part, 'id'>[] = []
const dated = ({ since, until }: Dated): Dated => ({
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
})
const common: readonly Refusal<any>[] = everyCall(abi[0]!, true)
for (const { why, of = {} } of common) parts.push({ key: {}, ioctl: 'every call', why, of })
for (const { name, since, on, refuses, grants } of abi) {
  for (const row of refuses)
    parts.push({
      key: row,
      ioctl: name,
      why: row.why,
      of: row.of ?? {},
      ...dated({ ...(since !== undefined && { since }), ...row }),
    })
  if (on.length > 0)
    for (const grant of [grants].flat() as Grant<any>[])
      parts.push({
        key: grant,
        ioctl: name,
        why: 'ok',
        of: {},
        ...dated({ ...(since !== undefined && { since }), ...grant }),
      })
}

const count = (names: readonly string[]) => {
  const times = new Map<string, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return times
}
const short = count(parts.map((part) => nameOf(part, false)))
const numbers = new Map<string, number>()
/** By ioctl, since one object may be a row of several. */
const index = new Map<string, Map<object, Row>>()
/** Every row of the table, in its order. Those that share even the full name are numbered. */
export const rows: readonly Row[] = parts.map(({ key, of, ...row }) => {
  const brief = nameOf({ of, ...row }, false)
  const name = short.get(brief) === 1 ? brief : nameOf({ of, ...row }, true)
  const number = (numbers.get(name) ?? 0) + 1
  numbers.set(name, number)
  const named: Row = { id: number === 1 ? name : `${name} #${number}`, ...row }
  const own = index.get(row.ioctl) ?? new Map<object, Row>()
  index.set(row.ioctl, own.set(key, named))
  return named
})
const ofEveryCall = new Map(common.map(({ why, errno }, i) => [`${errno} ${why}`, rows[i]!]))

/** The row that a refusal or the grant of an ioctl is; undefined for the grant of what is never granted. */
export const rowOf = (ioctl: Ioctl, rule: Refusal<any> | Grant<any>): Row | undefined =>
  index.get(ioctl.name)?.get(rule) ?? ('why' in rule ? ofEveryCall.get(`${rule.errno} ${rule.why}`) : undefined)

/** The rows that a kernel of `release` has. */
export const rowsIn = (release: Release): Row[] =>
  rows.filter(
    ({ since, until }) =>
      (since === undefined || reached(release, since)) && (until === undefined || !reached(release, until)),
  )
