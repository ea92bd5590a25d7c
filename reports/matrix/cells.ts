/** The columns of the matrix, and which rules were seen on them. */
import { releasesInWords } from '../../harness/model/release.ts'
import type { Done } from '../../harness/studies/matrix/run.ts'
import { rows, type Row } from '../../harness/table/rows.ts'

/** What is known of a column: its outcome, or why there is none. */
export type Cell = { name: string; done: Done } | { name: string; why: string }

/** The kernel branch of a column, which its name begins with. */
export const branch = (name: string) => name.split('-')[0]!

/** Rules seen on some column, and those seen on none. */
export const seenRules = (cells: readonly Cell[]): { seen: Map<string, string[]>; unseen: Row[] } => {
  const seen = new Map<string, string[]>()
  for (const cell of cells)
    if ('done' in cell)
      for (const id of Object.keys(cell.done.coverage)) seen.set(id, [...(seen.get(id) ?? []), cell.name])
  return { seen, unseen: rows.filter(({ id }) => !seen.has(id)) }
}

/** How many random sequences a column played. */
export const sequencesOf = ({ results }: Done): number =>
  Object.values(results.random ?? {}).reduce((s: number, n) => s + (n ?? 0), 0)

/** The releases that a rule holds in, in words. */
export const whenOf = (row: Row): string => releasesInWords(row).replace(/^all$/, 'all releases')
