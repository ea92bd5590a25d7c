/** The number of a capability. */
import fc from 'fast-check'
import { returned, type Codec } from '../../model/codec.ts'
import { byValue } from '../../model/number-argument.ts'
import { caps } from '../../names/index.ts'
import { named, signed } from '../../model/scalar.ts'

/** A long, of which a number here keeps so many bits. */
const SAFE = 54
const cap = named(
  'the capability',
  caps,
  fc.oneof(fc.constantFrom(...Object.values(caps).toSorted((a, b) => a - b)), fc.constantFrom(-1, 0x7fffffff, 9999)),
  signed(SAFE),
)

export const takes: Codec<number> = { ...byValue(cap), ...returned }
