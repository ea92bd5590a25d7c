/** Guest physical memory, from this process or from a guest_memfd. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { ioctls, memFlags } from '../../names/index.ts'
import { known, PAGE } from '../args/set-user-memory-region.ts'
import { takes, type MemoryRegion2 } from '../args/set-user-memory-region2.ts'
import { putProgram } from '../memory/programs.ts'
import { badAddresses, badChange, badSlot, beyondIpa, setsRegion } from '../memory/region.ts'
import { slotOf } from '../memory/slots.ts'

const { KVM_MEM_GUEST_MEMFD: MEMFD } = memFlags
const wantsMemfd = ({ flags }: MemoryRegion2) => (flags & MEMFD) !== 0

/** No process can have so many descriptors: the kernel's own limit for all of them. */
const MOST_DESCRIPTORS = 1 << 20
const isNew = (here: Here, { slot, size }: MemoryRegion2) => size !== 0n && slotOf(here, slot) === undefined
const bindsMemfd = (here: Here, arg: MemoryRegion2) => wantsMemfd(arg) && isNew(here, arg)

export default ioctl<MemoryRegion2>('KVM_SET_USER_MEMORY_REGION2', {
  nr: ioctls.KVM_SET_USER_MEMORY_REGION2,
  on: ['vm'],
  since: '6.8',
  capability: 'KVM_CAP_USER_MEMORY2',
  weight: 3,
  takes,
  prepares: putProgram,
  // Whether a small number is a descriptor, and of what, the notation cannot say.
  isGuess: ({ host, ...here }, arg) =>
    host.caps.KVM_CAP_GUEST_MEMFD === 1 && bindsMemfd({ host, ...here }, arg) && arg.guest_memfd < MOST_DESCRIPTORS,
  refuses: [
    badPointer(takes, api('4.140', 'struct kvm_userspace_memory_region2 (in)')),
    {
      why: 'unknown flag',
      variant: 'without guest_memfd',
      says: 'Flags are KVM_MEM_LOG_DIRTY_PAGES and KVM_MEM_READONLY.',
      cite: src('virt/kvm/kvm_main.c', 'check_memory_region_flags'),
      text: [
        {
          says: 'KVM_MEM_GUEST_MEMFD is one of the flags.',
          cite: api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION'),
        },
      ],
      until: '6.18',
      errno: 'EINVAL',
      when: (_, { flags }) => (flags & ~known) !== 0,
    },
    {
      why: 'unknown flag',
      says: 'KVM_MEM_GUEST_MEMFD stands alone; KVM_MEM_LOG_DIRTY_PAGES and KVM_MEM_READONLY may come together.',
      cite: src('virt/kvm/kvm_main.c', 'check_memory_region_flags'),
      since: '6.18',
      errno: 'EINVAL',
      when: (_, arg) => (arg.flags & ~(wantsMemfd(arg) ? MEMFD : known)) !== 0,
    },
    ...badAddresses,
    {
      why: 'guest_memfd range',
      says: 'The offset into the guest_memfd is a multiple of the page size, and the range does not pass 64 bits.',
      cite: api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION'),
      since: '6.18',
      errno: 'EINVAL',
      when: (_, arg) =>
        wantsMemfd(arg) && (arg.guest_memfd_offset % PAGE !== 0n || arg.guest_memfd_offset + arg.size >= 1n << 64n),
    },
    ...badSlot,
    ...badChange,
    {
      why: 'no such guest_memfd',
      says: 'guest_memfd is a descriptor of this process.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_bind'),
      since: '6.18',
      errno: 'EBADF',
      when: (here, arg) => bindsMemfd(here, arg) && arg.guest_memfd >= MOST_DESCRIPTORS,
    },
    beyondIpa,
  ],
  grants: {
    ...setsRegion,
    cite: api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION'),
  },
})
