/** The old way to a GICv2, which gives no descriptor. */
import { noArgument } from '../../model/number-argument.ts'
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { createVgic, hasVgic, noV2, noVgic } from '../vgic/create.ts'
import { inReleases } from '../../model/in-releases.ts'
import { onPart } from '../../model/on-part.ts'

const asked = () => 'v2' as const

/** Those before that question, where it was one of the first. */
const comesFirst = ({ why }: Refusal<unknown>) => why === 'vcpu runs' || why === 'already there'

/** Whether there is a vgic already is looked at under a lock, after the model. */
const underLock = ['6.4', '6.1.28']

export default ioctl<bigint>('KVM_CREATE_IRQCHIP', {
  nr: ioctls.KVM_CREATE_IRQCHIP,
  on: ['vm'],
  capability: 'KVM_CAP_IRQCHIP',
  takes: noArgument,
  refuses: [
    {
      why: 'no vgic',
      says: 'The host has no interrupt controller that can be virtualized.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vm_ioctl'),
      errno: 'ENXIO',
      when: (here) => !hasVgic(here),
      lacks: () => 'no GIC',
    },
    ...inReleases({ since: underLock, variant: 'before already there' }, noV2),
    ...onPart<bigint, 'v2'>(asked, noVgic.filter(comesFirst)),
    ...inReleases({ until: underLock, variant: 'after already there' }, noV2),
    ...onPart<bigint, 'v2'>(
      asked,
      noVgic.filter((r) => !comesFirst(r)),
    ),
  ],
  grants: {
    says: 'The VM has a GICv2. The argument is not looked at.',
    cite: api('4.24', 'arm64, a GICv2 is created'),
    then: (here) => createVgic(here, 'v2'),
  },
})
