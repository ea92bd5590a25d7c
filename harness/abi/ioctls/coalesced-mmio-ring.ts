/** kvm_coalesced_mmio_ring(FIELD): what all vcpus of a VM share with userspace through mmap(2), which is no ioctl. */
import { api, ioctl } from '../../model/rule.ts'
import { placeOf, takes, type RingAccess } from '../args/coalesced-mmio-ring.ts'
import { readAt, writeAt } from '../ram/shared-page.ts'
import { notMapped } from './kvm-run.ts'

export default ioctl<RingAccess>('kvm_coalesced_mmio_ring', {
  syscall: 'mmap',
  on: ['vcpu'],
  weight: 1,
  takes,
  refuses: notMapped,
  grants: {
    says: 'Stores are in it from first to last, which the kernel moves on; userspace moves first. One entry stays free.',
    cite: api('4.116', 'Coalesced I/O is a performance optimization'),
    gives: ({ vm }, access) => (access.value === undefined ? readAt(vm.coalescedRing, ...placeOf(access)) : undefined),
    then({ vm }, access) {
      if (access.value !== undefined) writeAt(vm.coalescedRing, ...placeOf(access), access.value)
    },
  },
})
