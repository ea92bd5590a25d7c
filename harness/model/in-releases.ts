/** The same rows in several releases. */
import type { Dated, Since } from './release.ts'

const mainline = (since: Since): [number, number] => {
  const [major, minor] = [since].flat()[0]!.split('.').map(Number)
  return [major!, minor!]
}
const isLater = (a: Since, b: Since): boolean => {
  const [[A, a2], [B, b2]] = [mainline(a), mainline(b)]
  return A > B || (A === B && a2 > b2)
}
const later = (a: Since | undefined, b: Since | undefined) =>
  a === undefined || (b !== undefined && isLater(b, a)) ? b : a
const earlier = (a: Since | undefined, b: Since | undefined) =>
  a === undefined || (b !== undefined && isLater(a, b)) ? b : a

/**
 * `rows` as some releases have them: those from `since` to `until`, both of which may be left out. A row keeps its own
 * dates where they are narrower, and is left out where none of these releases has it. What else `as` says replaces
 * what the rows say: `inReleases({ since: '6.1', leaves: nothing }, row)`.
 */
export const inReleases = <Row extends Dated>(
  { since, until, ...changes }: Partial<NoInfer<Row>>,
  ...rows: readonly Row[]
): Row[] =>
  rows.flatMap((row) => {
    const [from, to] = [later(row.since, since), earlier(row.until, until)]
    if (from !== undefined && to !== undefined && !isLater(to, from)) return []
    return [
      {
        ...row,
        ...changes,
        ...(from !== undefined && { since: from }),
        ...(to !== undefined && { until: to }),
      } as Row,
    ]
  })
