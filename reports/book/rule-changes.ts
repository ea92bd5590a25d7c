/** By which commits a rule of the table came, and went. */
import { changesOfRule } from '../../fixtures/changes.ts'
import { changeInWords } from '../../harness/model/abi-change.ts'
import { holdsIn, measured, reached } from '../../harness/model/release.ts'
import type { Row } from '../../harness/table/rows.ts'

/** A sentence for each, as text: `Brought by 05714cab7d63 KVM: arm64: … (5.19).` */
export const ruleChangesInWords = (row: Row): string[] =>
  changesOfRule(row.id).map((change) => {
    const [mainline] = [change.since].flat()
    const after = measured.find((release) => reached(release, change.since)) ?? mainline!
    return `${holdsIn(after, row) ? 'Brought' : 'Ended'} by ${changeInWords(change)}.`
  })
