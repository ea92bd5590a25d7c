/** kvm_dirty_gfn(INDEX): an entry of the ring that a vcpu shares with userspace through mmap(2), which is no ioctl. */
import { api, ioctl, src } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { ENTRY_SIZE, pageOf, placeOf, takes, type DirtyGfn } from '../args/dirty-gfn.ts'
import { readAt, writeAt } from '../ram/shared-page.ts'
import { notMapped } from './kvm-run.ts'

/** The pages of a ring are those of any file that has so many. */
const isMappable = ({ kind, memfd }: Here): boolean => kind === 'guest-memfd' && memfd.isMappable

export default ioctl<DirtyGfn>('kvm_dirty_gfn', {
  syscall: 'mmap',
  on: ['vcpu'],
  weight: 1,
  takes,
  refuses: [
    ...notMapped.map((row) => ({ ...row, when: (here: Here) => !isMappable(here) && row.when(here, undefined, {}) })),
    {
      why: 'no such page',
      says: 'A guest_memfd with GUEST_MEMFD_FLAG_MMAP has pages up to its end, and shows them with GUEST_MEMFD_FLAG_INIT_SHARED.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_fault_user_mapping'),
      since: '6.18',
      errno: 'EFAULT',
      when: (here, { index }) =>
        isMappable(here) && (!here.memfd.isShared || BigInt(pageOf(index) + 1) * PAGE > here.memfd.size),
    },
    {
      why: 'no ring',
      says: 'There is nothing behind these pages without KVM_CAP_DIRTY_LOG_RING_ACQ_REL: who touches them gets a SIGBUS.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_fault'),
      errno: 'EFAULT',
      when: ({ kind, vcpu }) => kind === 'vcpu' && vcpu.ring === undefined,
    },
    {
      why: 'past the ring',
      says: 'There is nothing behind the ring.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_fault'),
      since: '6.12',
      errno: 'EFAULT',
      when: ({ kind, vcpu }, { index }) => kind === 'vcpu' && index >= (vcpu.ring?.size ?? Infinity),
    },
  ],
  grants: {
    says: 'A page that the guest has stored to is in the ring once, until it was taken back and is stored to again.',
    cite: api('8.29', 'The dirty ring is available to userspace as an array of', { since: '6.12', until: '7.2' }),
    gives({ vcpu, memfd }, { index, flags }) {
      if (flags !== undefined) return undefined
      if (memfd) return readAt(memfd.content, placeOf(index), ENTRY_SIZE)
      return vcpu?.ring && !vcpu.ring.isUnknown ? readAt(vcpu.ring.page, index * ENTRY_SIZE, ENTRY_SIZE) : undefined
    },
    then({ vcpu, memfd }, { index, flags }) {
      if (memfd && flags !== undefined) writeAt(memfd.content, placeOf(index), 4, BigInt(flags))
      if (vcpu?.ring && flags !== undefined) writeAt(vcpu.ring.page, index * ENTRY_SIZE, 4, BigInt(flags))
    },
  },
})
