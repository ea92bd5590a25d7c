/** Every sequence agrees with the table on every recorded host, or that host is not offered it. */
import { expect, test } from 'vitest'
import { abi } from '../../harness/abi/index.ts'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { holdsIn } from '../../harness/model/release.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { checkAgainstTable } from '../../harness/suite/against-table.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { stepsOf, type Sequence } from '../../harness/suite/sequence-text.ts'

/** What contradicts the table, and on which hosts. */
const contradictions = (sequences: readonly Sequence[]): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const sequence of sequences)
    for (const host of hostNames.map((name) => hostNamed(name)).filter((h) => holdsIn(h.kernel.release, sequence)))
      try {
        checkAgainstTable(stepsOf(sequence, abi), host, host.kernel.release)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        found.set(error.message, [...(found.get(error.message) ?? []), host.name])
      }
  return found
}

test('every sequence agrees with the table on every recorded host', async () => {
  const sequences = await allSequences()
  expect(sequences.length).toBeGreaterThan(300)
  const lines = [...contradictions(sequences)].map(
    ([line, [host, ...others]]) => `${line} (on ${host}${others.length > 0 ? ` and ${others.length} more` : ''})`,
  )
  // An array that differs would be shown as a whole.
  if (lines.length > 0) throw new Error(lines.join('\n'))
})
