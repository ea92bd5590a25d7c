/** Copies the tags of the guest's memory to userspace, or back. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { ioctls, memFlags, mteFlags } from '../../names/index.ts'
import { isToGuest, PAGE, roomOf, takes, type CopyTags } from '../args/arm-mte-copy-tags.ts'
import { AGENT_MEMORY, RAM } from '../args/userspace-address.ts'
import { slotAt } from '../ram/slots.ts'

const INT_MAX = (1n << 31n) - 1n
const copyTags = src('arch/arm64/kvm/guest.c', 'kvm_vm_ioctl_mte_copy_tags')

/** Bytes from the first on that lie in memory slots without a gap, and whose tags have room. */
const copied = ({ vm }: Here, arg: CopyTags): bigint => {
  const { guest_ipa, length } = arg
  const room = roomOf(arg) ?? length
  let at = guest_ipa
  const end = guest_ipa + (room < length ? room : length)
  for (;;) {
    const slot = slotAt(vm, at)
    if (!slot || at >= end) return (at < end ? at : end) - guest_ipa
    at = slot.gpa + slot.size
  }
}

/** All of them are the agent's own memory, and may be written where tags are. */
const isOwnMemory = (here: Here, arg: CopyTags): boolean =>
  here.vm.memslots.every(
    ({ gpa, size, hva, memfd, flags }) =>
      gpa >= arg.guest_ipa + arg.length
      || gpa + size <= arg.guest_ipa
      || (memfd === undefined
        && hva >= RAM
        && hva + size <= RAM + AGENT_MEMORY
        && (!isToGuest(arg) || (flags & memFlags.KVM_MEM_READONLY) === 0)),
  )

export default ioctl<CopyTags>('KVM_ARM_MTE_COPY_TAGS', {
  nr: ioctls.KVM_ARM_MTE_COPY_TAGS,
  on: ['vm'],
  since: '5.14',
  capability: 'KVM_CAP_ARM_MTE',
  weight: 1,
  takes,
  refuses: [
    badPointer(takes, api('4.130', 'struct kvm_arm_copy_mte_tags', { since: '6.1' })),
    {
      why: 'VM without MTE',
      says: 'KVM_CAP_ARM_MTE was enabled.',
      cite: copyTags,
      errno: 'EINVAL',
      when: ({ vm }) => !vm.hasMte,
    },
    {
      why: 'reserved fields',
      says: 'The reserved fields are 0.',
      cite: copyTags,
      errno: 'EINVAL',
      when: (_, { reserved }) => reserved !== 0n,
    },
    {
      why: 'unknown flags',
      says: 'Tags are copied to the guest or from it.',
      cite: copyTags,
      errno: 'EINVAL',
      when: (_, { flags }) => flags > BigInt(mteFlags.KVM_ARM_TAGS_FROM_GUEST),
    },
    {
      why: 'misaligned',
      says: 'Whole pages are copied.',
      cite: api('4.130', 'fields must be PAGE_SIZE aligned', { since: '6.1' }),
      errno: 'EINVAL',
      when: (_, { guest_ipa, length }) => guest_ipa % PAGE !== 0n || length % PAGE !== 0n,
    },
    {
      why: 'too long',
      says: 'The length fits the answer, an int.',
      cite: api('4.130', 'must not be bigger than 2^31 - PAGE_SIZE bytes', { since: '6.12' }),
      since: '6.4',
      errno: 'EINVAL',
      when: (_, { length }) => length > INT_MAX,
    },
    {
      why: 'dirty log',
      says: 'Tags are not written while a slot of the VM has a dirty log, whichever it is.',
      cite: copyTags,
      since: '6.12',
      errno: 'EBUSY',
      when: ({ vm }, arg) =>
        isToGuest(arg) && vm.memslots.some((slot) => (slot.flags & memFlags.KVM_MEM_LOG_DIRTY_PAGES) !== 0),
    },
    {
      why: 'no memory',
      says: 'The first page lies in a memory slot. Of later ones the answer tells how many bytes came before.',
      cite: copyTags,
      errno: 'EFAULT',
      when: ({ vm }, { guest_ipa, length }) => length > 0n && slotAt(vm, guest_ipa) === undefined,
    },
    {
      why: 'no room',
      says: 'The tags of the first page are read from userspace or written to it. Of later ones the answer tells, too.',
      cite: copyTags,
      errno: 'EFAULT',
      when: (here, arg) => arg.length > 0n && roomOf(arg) === 0n,
    },
  ],
  grants: {
    says: 'So many bytes of memory had their tags copied.',
    cite: api('4.130', 'Copies Memory Tagging Extension (MTE) tags to/from guest tag memory', { since: '6.1' }),
    gives: copied,
    // What is there of other memory, and may be written, depends on what is behind the slots.
    isGuess: (here, arg) => arg.length > 0n && (roomOf(arg) === undefined || !isOwnMemory(here, arg)),
  },
})
