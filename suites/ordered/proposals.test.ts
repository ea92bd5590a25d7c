/** What became of proposals for this ABI: the sequences by which the dialects compare themselves with what shipped. */
import { dialects } from '../../harness/dialects/index.ts'
import { questionsOf } from '../../harness/studies/proposals.ts'
import { sequence } from '../../harness/suite/sequence.ts'

for (const [title, { asks, ...dated }] of questionsOf(dialects)) sequence(title, asks, dated)
