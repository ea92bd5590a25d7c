/** Collects the examples of all rows, and makes the book of them. */
import { ioctlsIn } from '../../harness/dialects/index.ts'
import type { Dialect } from '../../harness/model/dialect.ts'
import { rows } from '../../harness/table/rows.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { stillShown, type Example, type Kept } from '../../harness/studies/examples/example.ts'
import { shippedGround, shortestOf } from '../../harness/studies/examples/search.ts'
import { proposedPrey } from '../../harness/studies/mutants/part.ts'
import { print } from '../../harness/table/notation.ts'
import { ownRules } from './proposed.ts'

/** The example of each row, by id: that which was kept, if it still shows the row; looked for where there is none. */
export const examplesOf = async (kept: Kept): Promise<Map<string, Example>> => {
  const known = stillShown(kept)
  const missing = rows.filter(({ id, unseen }) => !known.has(id) && unseen === undefined)
  if (missing.length === 0) return known
  const texts = [...rows.flatMap(({ example }) => example ?? []), ...(await allSequences()).map(({ text }) => text)]
  return new Map([...known, ...shortestOf(missing, shippedGround(texts))])
}

/** Random sequences that are looked through for a dialect, whose own sequences come to nearly all of its rules. */
const DRAWN = 1000

/** The example of each row that is the dialect's own, by id, looked for on the hosts that show its sequences. */
export const proposedExamples = (dialect: Dialect): Map<string, Example> => {
  const { hosts, sequences } = proposedPrey(dialect)
  const wanted = ownRules(dialect).flatMap(({ row }) => row)
  return shortestOf(wanted, {
    ioctls: ioctlsIn(dialect),
    hosts,
    texts: sequences.map(({ text }) => text),
    drawn: DRAWN,
  })
}

/** The examples as fixtures/book-traces.json keeps them, in the table's order. */
export const keep = (examples: ReadonlyMap<string, Example>): Kept =>
  Object.fromEntries(
    rows.flatMap(({ id }) => {
      const one = examples.get(id)
      return one ? [[id, { host: one.host.name, trace: print(one.steps).split('\n') }]] : []
    }),
  )
