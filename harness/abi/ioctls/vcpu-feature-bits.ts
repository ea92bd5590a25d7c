/** Bits of kvm_vcpu_init.features that a release does not know, or not alone. */
import { inReleases } from '../../model/in-releases.ts'
import { api, src, type Refusal } from '../../model/rule.ts'
import { features } from '../../names/index.ts'
import type { VcpuInit } from '../args/arm-vcpu-init.ts'
import { keepKnownBits } from './vcpu-features.ts'

/** Bits from `first` on, which a release does not know. */
const unknownFrom = (first: number): Refusal<VcpuInit> => ({
  why: 'unknown feature',
  says: `Bit ${first} and those after it mean nothing.`,
  cite: api('4.82', 'ENOENT a features bit specified is unknown'),
  errno: 'ENOENT',
  when: (_, { features: f, beyond }) => beyond !== 0n || f >>> first !== 0,
})
export const unknownFeature: readonly Refusal<VcpuInit>[] = [
  ...inReleases({ until: '6.5', variant: 'bit 7, others are kept', leaves: keepKnownBits }, unknownFrom(7)),
  ...inReleases({ since: '6.5', until: '6.16', variant: 'bit 7' }, unknownFrom(7)),
  ...inReleases({ since: '6.16', until: '7.3', variant: 'bit 9' }, unknownFrom(9)),
  ...inReleases({ since: '7.3', variant: 'bit 10' }, unknownFrom(10)),
]

export const strictWithoutPmu: Refusal<VcpuInit> = {
  why: 'strict without PMU',
  says: 'KVM_ARM_VCPU_PMU_V3_STRICT goes with KVM_ARM_VCPU_PMU_V3.',
  cite: src('arch/arm64/kvm/arm.c', 'kvm_vcpu_init_check_features'),
  since: '7.3',
  errno: 'EINVAL',
  when: (_, { features: f }) =>
    (f & (1 << features.KVM_ARM_VCPU_PMU_V3_STRICT)) !== 0 && (f & (1 << features.KVM_ARM_VCPU_PMU_V3)) === 0,
}
