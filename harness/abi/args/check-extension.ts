/** The number of a capability. */
import fc from 'fast-check'
import { returned, type Codec } from '../../model/codec.ts'
import { byValue } from '../../model/number-argument.ts'
import { caps } from '../../names/index.ts'
import { named64, signed } from '../../model/scalar.ts'

const cap = named64(
  'the capability',
  caps,
  fc
    .oneof(fc.constantFrom(...Object.values(caps).toSorted((a, b) => a - b)), fc.constantFrom(-1, 0x7fffffff, 9999))
    .map(BigInt),
  // A long.
  signed(64),
)

export const takes: Codec<bigint> = { ...byValue(cap), ...returned }
