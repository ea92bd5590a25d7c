/** What KVM_GET_DIRTY_LOG and KVM_CLEAR_DIRTY_LOG refuse alike. */
import { api, src, type Refusal } from '../../model/rule.ts'
import { slotOf, usesBitmaps } from '../ram/slots.ts'

interface OfSlot {
  slot: number
}

/** The rows before anything else is looked at; `fn`: the function that has them. */
export const aboutSlot = (fn: string): readonly Refusal<OfSlot>[] => [
  {
    why: 'a ring instead',
    says: 'With a dirty ring pages have no bitmap, unless KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP is enabled too.',
    cite: src('virt/kvm/kvm_main.c', fn),
    since: '6.2',
    errno: 'ENXIO',
    when: ({ vm }) => !usesBitmaps(vm),
  },
  {
    why: 'address space',
    says: 'The upper half of the slot number is an address space; arm64 has one.',
    cite: api('4.8', 'If KVM_CAP_MULTI_ADDRESS_SPACE is available'),
    errno: 'EINVAL',
    when: (_, { slot }) => slot >>> 16 !== 0,
  },
  {
    why: 'slot number',
    says: 'Slots are numbered below KVM_CAP_NR_MEMSLOTS.',
    cite: src('virt/kvm/kvm_main.c', fn),
    errno: 'EINVAL',
    when: ({ host }, { slot }) => (slot & 0xffff) >= (host.caps.KVM_CAP_NR_MEMSLOTS ?? 0),
  },
]

/** There is no such slot, or it was not asked to log. */
export const noLog = (fn: string): Refusal<OfSlot> => ({
  why: 'no log',
  says: 'There is such a slot, and it has KVM_MEM_LOG_DIRTY_PAGES.',
  cite: src('virt/kvm/kvm_main.c', fn),
  errno: 'ENOENT',
  when: (here, { slot }) => slotOf(here, slot)?.log === undefined,
})
