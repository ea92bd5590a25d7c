/** The number of a capability. */
import fc from 'fast-check'
import { returned, type Codec } from '../../model/codec.ts'
import { byValue } from '../../model/number-argument.ts'
import { caps } from '../../names/index.ts'
import { named64, signed } from '../../model/scalar.ts'

/** The argument of a kernel whose capabilities have these names. */
export const takesOf = (names: Readonly<Record<string, number>>): Codec<bigint> => ({
  ...byValue(
    named64(
      'the capability',
      names,
      fc
        .oneof(
          fc.constantFrom(...Object.values(names).toSorted((a, b) => a - b)),
          fc.constantFrom(-1, 0x7fffffff, 9999),
        )
        .map(BigInt),
      // A long.
      signed(64),
    ),
  ),
  ...returned,
})

export const takes = takesOf(caps)
