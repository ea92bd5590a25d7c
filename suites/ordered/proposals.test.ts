/** What became of proposals for this ABI: the sequences by which the dialects compare themselves with what shipped. */
import { dialects } from '../../harness/dialects/index.ts'
import { sequence } from '../../harness/suite/sequence.ts'

for (const { name, compared } of dialects)
  for (const { about, asks } of compared) if (asks !== undefined) sequence(`${name}: ${about}`, asks)
