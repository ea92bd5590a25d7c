/** Which rules of the table were seen at work: the row that decided an answer, on a kernel that gave just that answer. */
import { abi } from './abi/index.ts'
import { everyCall } from './abi/every-call.ts'
import type { Answer, Call } from './call.ts'
import type { Host } from './host.ts'
import type { Dated } from './ioctl.ts'
import { errnos } from './names.ts'
import { advance, expected } from './oracle.ts'
import { reached, type Release } from './release.ts'
import { boot } from './rules.ts'

/** One row of the table: a refusal, or the grant of an ioctl (`ok`). */
export interface Row extends Dated { id: string; ioctl: string; why: string }

const dates = ({ since, until }: Dated) =>
  `${since === undefined ? '' : `, since ${[since].flat()[0]}`}${until === undefined ? '' : `, until ${[until].flat()[0]}`}`

/** Ids of all rows, by the row's object; rows of one name and date are numbered. */
const index = new Map<object, Row>()
const rowsOfAll: Row[] = []
const add = (key: object, ioctl: string, why: string, of: Dated) => {
  const name = `${ioctl} (${why})${dates(of)}`
  const twins = rowsOfAll.filter((r) => r.id === name || r.id.startsWith(`${name} #`)).length
  const row = { id: twins === 0 ? name : `${name} #${twins + 1}`, ioctl, why, ...(of.since !== undefined && { since: of.since }), ...(of.until !== undefined && { until: of.until }) }
  rowsOfAll.push(row)
  index.set(key, row)
}
const common = everyCall(abi[0]!, true).map((row) => row.why)
for (const why of new Set(common)) add({}, 'every call', why, {})
for (const ioctl of abi) {
  const own = ioctl.since === undefined ? {} : { since: ioctl.since }
  for (const row of ioctl.refuses) add(row, ioctl.name, row.why, { ...own, ...row })
  if (ioctl.on.length > 0) for (const grant of [ioctl.grants].flat()) add(grant, ioctl.name, 'ok', { ...own, ...grant })
}

/** Every row of the table, in its order. */
export const rows: readonly Row[] = rowsOfAll

/** The rows that a kernel of `release` has. */
export const rowsIn = (release: Release): Row[] => rowsOfAll.filter(({ since, until }) =>
  (since === undefined || reached(release, since)) && (until === undefined || !reached(release, until)))

/** Adds to `seen` how often each row, by its id, decided an answer that came just so. Stops at the first other answer. */
export const cover = (seen: Map<string, number>, host: Host, release: Release, calls: readonly Call[], answers: readonly Answer[]): void => {
  const world = boot(host, release)
  for (const [i, answer] of answers.entries()) {
    const call = calls[i]!
    const { errno, refusal } = expected(world, call)
    if (answer.ret !== (errno === undefined ? 0 : -errnos[errno])) return
    const row = refusal ? index.get(refusal) ?? rowsOfAll.find((r) => r.ioctl === 'every call' && r.why === refusal.why)
      : index.get(world.rules.get(call.ioctl)!.grant)
    if (row) seen.set(row.id, (seen.get(row.id) ?? 0) + 1)
    advance(world, call, answer)
  }
}
