/** Changes of the ABI: their rules are rows of the table, and change with them. */
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { changes } from '../../fixtures/changes.ts'
import { isBetween, type AbiChange } from '../../harness/model/abi-change.ts'
import { holdsIn, measured } from '../../harness/model/release.ts'
import { rows, type Row } from '../../harness/table/rows.ts'

const byId = new Map(rows.map((row) => [row.id, row]))

/** The measured releases around each time at which the row begins or ends to hold. */
const turnsOf = (row: Row): [string, string][] =>
  measured
    .slice(1)
    .map((newer, i): [string, string] => [measured[i]!, newer])
    .filter(([older, newer]) => holdsIn(older, row) !== holdsIn(newer, row))

/** True where the row begins or ends to hold in the very releases of the change. */
const isDatedAs = (row: Row, { since }: AbiChange): boolean =>
  [row.since, row.until].some((date) => isDeepStrictEqual([date].flat(), [since].flat()))

/** What is wrong with a rule of a change; undefined: nothing. A change may be younger than all measured releases. */
const complaint = (id: string, change: AbiChange): string | undefined => {
  const row = byId.get(id)
  if (!row) return 'no rule of the table has this id'
  const isTurn = isDatedAs(row, change) || turnsOf(row).some(([older, newer]) => isBetween(change, older, newer))
  return isTurn ? undefined : 'the rule does not change then'
}

test.each(changes.map((change) => [change.commit, change] as const))(
  '%s speaks of rules that change with it',
  (_, change) => {
    const wrong = (change.rules ?? []).flatMap((id) => {
      const what = complaint(id, change)
      return what === undefined ? [] : [`${id}: ${what}`]
    })
    expect(wrong).toEqual([])
  },
)

test('no rule is brought or ended twice between two measured releases', () => {
  const all = changes.flatMap((change) =>
    (change.rules ?? []).flatMap((id) =>
      turnsOf(byId.get(id)!)
        .filter(([older, newer]) => isBetween(change, older, newer))
        .map(([older]) => `${id} after ${older}`),
    ),
  )
  expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([])
})

test('a rule that is dated by more than measured releases is dated as its change', () => {
  const isExact = (release: string) => !measured.some((branch) => branch === release)
  for (const { rules = [], since, commit } of changes)
    for (const id of rules) {
      const { since: from = [], until = [] } = byId.get(id)!
      const dates = [from, until].map((date) => [date].flat()).filter((date) => date.some(isExact))
      if (dates.length > 0) expect(dates, `${commit} ${id}`).toContainEqual([since].flat())
    }
})
