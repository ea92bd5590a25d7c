/** What became of proposals for this ABI: the sequences by which the dialects compare themselves with what shipped. */
import { dialects } from '../../harness/dialects/index.ts'
import { comparisonTitle } from '../../harness/model/dialect.ts'
import { sequence } from '../../harness/suite/sequence.ts'

for (const dialect of dialects)
  for (const one of dialect.compared) if (one.asks !== undefined) sequence(comparisonTitle(dialect, one), one.asks)
