/** What the dialect that the target speaks says of itself: its sequences and laws, played on that target. */
import { dialectOf } from '../../harness/dialects/index.ts'
import { proposedSequences } from '../../harness/suite/declared.ts'
import { host } from '../../harness/suite/here.ts'
import { law } from '../../harness/suite/law.ts'
import { declareSequence } from '../../harness/suite/sequence.ts'

const dialect = dialectOf(host)

for (const sequence of dialect ? proposedSequences(dialect) : []) declareSequence(sequence)
for (const { title, cite, body } of dialect?.laws ?? []) law(title, cite, body)
