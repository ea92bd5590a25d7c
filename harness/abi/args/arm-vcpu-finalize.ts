/** A pointer to the number of a vcpu feature. */
import fc from 'fast-check'
import { byPointer } from '../../model/number-argument.ts'
import { features } from '../../names/index.ts'
import { named, signed } from '../../model/scalar.ts'

const SVE = features.KVM_ARM_VCPU_SVE

const feature = named(
  'the feature',
  features,
  fc.oneof(
    { arbitrary: fc.constant(SVE as number), weight: 8 },
    { arbitrary: fc.integer({ min: 0, max: 8 }), weight: 2 },
    { arbitrary: fc.constantFrom(-1, 1 << SVE, 0x7fffffff), weight: 1 },
  ),
  signed(32),
)

export const takes = byPointer(feature, 4)
