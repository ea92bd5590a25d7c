/** Releases that a kernel may answer like: all that something is dated by. */
import { changes } from '../../fixtures/changes.ts'
import { errata } from '../../fixtures/errata.ts'
import { measured, reached, type Release } from '../../harness/model/release.ts'
import { rows } from '../../harness/table/rows.ts'

const isNewer = (a: Release, b: Release): boolean => a !== b && reached(a, b)

/** The releases that rules, changes, bugs and their fixes are dated by, and those that were measured; oldest first. */
export const candidates: readonly Release[] = [
  ...new Set([
    ...measured,
    ...changes.flatMap(({ since }) => [since].flat()),
    ...rows.flatMap(({ since = [], until = [] }) => [since, until].flat()),
    ...errata.flatMap(({ since = [], fixed = [] }) => [since, fixed].flat()),
  ]),
]
  .filter((release) => reached(release, measured[0]))
  .toSorted((a, b) => (a === b ? 0 : isNewer(a, b) ? 1 : -1))
