/** Collects the examples of all rows, and makes the book of them. */
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { ioctlsIn, speaking } from '../../harness/dialects/index.ts'
import type { Dialect } from '../../harness/model/dialect.ts'
import { measured } from '../../harness/model/release.ts'
import type { Ioctl } from '../../harness/model/rule.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { rows } from '../../harness/table/rows.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { callsOf, stillShown, type Example, type Kept } from '../../harness/studies/examples/example.ts'
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
const DRAWN = 100

const isReadable = (text: string, ioctls: readonly Ioctl[]): boolean => {
  try {
    return callsOf(text, ioctls).length > 0
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

/**
 * The example of each row that is the dialect's own, by id: looked for on the hosts that show its sequences, then on
 * one of each measured release. `kept`: the examples of what shipped, of which some may do.
 */
export const proposedExamples = (dialect: Dialect, kept: Kept): Map<string, Example> => {
  const ioctls = ioctlsIn(dialect)
  const { hosts, sequences } = proposedPrey(dialect)
  const wanted = ownRules(dialect).map(({ row }) => row)
  const texts = wanted.flatMap(({ id, example }) => [example ?? [], kept[id]?.trace.join('\n') ?? []].flat())
  return shortestOf(wanted, {
    ioctls,
    hosts: [...hosts, ...measured.map((branch) => speaking(hostNamed(`${branch}-max-gicv3`), dialect))],
    texts: [...sequences.map(({ text }) => text), ...texts].filter((text) => isReadable(text, ioctls)),
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
