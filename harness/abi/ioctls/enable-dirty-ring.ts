/** KVM_ENABLE_CAP: a ring of dirty pages for each vcpu of a VM. */
import { api, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import type { EnableCap } from '../args/enable-cap.ts'
import { about, hasMemory, hasVcpus, inGeneric } from './enable-cap-of.ts'

const inRing = src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_enable_dirty_log_ring')

/** A page; a ring has room for 64 entries of 16 bytes besides, which are fewer. */
const LEAST_RING = 4096
/** The size of a ring is cut to 32 bits before anything looks at it. */
export const ringSize = ({ 'args[0]': size }: EnableCap): number => Number(BigInt.asUintN(32, size))
/** As KVM_CHECK_EXTENSION gives it. */
const mostRing = ({ host }: Here): number => host.caps.KVM_CAP_DIRTY_LOG_RING_ACQ_REL ?? 0

export const ofDirtyRing: readonly Refusal<EnableCap>[] = [
  about('KVM_CAP_DIRTY_LOG_RING_ACQ_REL', {
    why: 'ring size',
    says: 'The size, of which 32 bits count, is a power of two and a page at least.',
    cite: api('8.29', 'the size of the ring must be a power of two', { until: '7.2' }),
    since: '6.2',
    errno: 'EINVAL',
    when: (_, arg) => {
      const size = ringSize(arg)
      return size < LEAST_RING || (size & (size - 1)) !== 0
    },
  }),
  about('KVM_CAP_DIRTY_LOG_RING_ACQ_REL', {
    why: 'ring too large',
    says: 'KVM_CHECK_EXTENSION gives the largest size.',
    cite: inRing,
    since: '6.2',
    errno: 'E2BIG',
    when: (here, arg) => ringSize(arg) > mostRing(here),
  }),
  about('KVM_CAP_DIRTY_LOG_RING_ACQ_REL', {
    why: 'has a ring',
    says: 'The size is told once.',
    cite: inRing,
    since: '6.2',
    errno: 'EINVAL',
    when: ({ vm }) => vm.dirtyRing !== undefined,
  }),
  about('KVM_CAP_DIRTY_LOG_RING_ACQ_REL', {
    why: 'has vcpus',
    says: 'Each vcpu is made with its ring.',
    cite: api('8.29', 'Enabling the capability is only allowed before creating any vCPU', { until: '7.2' }),
    since: '6.2',
    errno: 'EINVAL',
    when: hasVcpus,
  }),
  about('KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP', {
    why: 'no ring',
    says: 'The size of the ring is told before.',
    cite: inGeneric,
    since: '6.2',
    errno: 'EINVAL',
    when: ({ vm }) => vm.dirtyRing === undefined,
  }),
  about('KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP', {
    why: 'has memory',
    says: 'It is told while the VM has no memory slot, so that each gets its bitmap.',
    cite: inGeneric,
    since: '6.2',
    errno: 'EINVAL',
    when: hasMemory,
  }),
]
