/** Collects the examples of all rows, and makes the book of them. */
import { rows } from '../../harness/table/rows.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { stillShown, type Example, type Kept } from '../../harness/studies/examples/example.ts'
import { shortestOf } from '../../harness/studies/examples/search.ts'
import { print } from '../../harness/table/notation.ts'

/** The example of each row, by id: that which was kept, if it still shows the row; looked for where there is none. */
export const examplesOf = async (kept: Kept): Promise<Map<string, Example>> => {
  const known = stillShown(kept)
  const missing = rows.filter(({ id, unseen }) => !known.has(id) && unseen === undefined)
  if (missing.length === 0) return known
  const found = shortestOf(missing, [
    ...rows.flatMap(({ example }) => example ?? []),
    ...(await allSequences()).map(({ text }) => text),
  ])
  return new Map([...known, ...found])
}

/** The examples as fixtures/book-traces.json keeps them, in the table's order. */
export const keep = (examples: ReadonlyMap<string, Example>): Kept =>
  Object.fromEntries(
    rows.flatMap(({ id }) => {
      const one = examples.get(id)
      return one ? [[id, { host: one.host.name, trace: print(one.steps).split('\n') }]] : []
    }),
  )
