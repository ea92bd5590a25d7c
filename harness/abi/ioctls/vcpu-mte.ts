/** KVM_ARM_VCPU_INIT of a vcpu of a VM with MTE. */
import { inReleases } from '../../model/in-releases.ts'
import { src, type Refusal } from '../../model/rule.ts'
import type { VcpuInit } from '../args/arm-vcpu-init.ts'
import { AARCH32, asked, forget } from './vcpu-features.ts'

const withoutAarch32: Refusal<VcpuInit> = {
  why: 'VM with MTE',
  says: 'EL1 is not 32-bit in a VM with MTE.',
  cite: src('arch/arm64/kvm/reset.c', 'kvm_reset_vcpu'),
  errno: 'EINVAL',
  when: (here, arg) => here.vm.hasMte === true && (asked(here, arg) & AARCH32) !== 0,
}

export const ofMte: readonly Refusal<VcpuInit>[] = [
  ...inReleases({ since: '5.14', until: '6.12', variant: 'vcpu forgets', leaves: forget }, withoutAarch32),
  ...inReleases({ since: '6.12', variant: 'nothing is left' }, withoutAarch32),
]
