/** Guest physical memory, from this process or from a guest_memfd. */
import { badPointer } from '../../model/bad-pointer.ts'
import { isNoDescriptor, isUnknownDescriptor } from '../../model/descriptor-number.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import type { GuestMemfd } from '../../model/vm.ts'
import type { Here } from '../../model/world.ts'
import { ioctls, memFlags } from '../../names/index.ts'
import { known, PAGE } from '../args/set-user-memory-region.ts'
import { takes, type MemoryRegion2 } from '../args/set-user-memory-region2.ts'
import { putProgram } from '../ram/programs.ts'
import { badAddresses, badChange, badSlot, beyondIpa, setsRegion } from '../memory/region.ts'
import { slotOf } from '../ram/slots.ts'
import { overlap } from '../../model/overlap.ts'

const { KVM_MEM_GUEST_MEMFD: MEMFD } = memFlags
const wantsMemfd = ({ flags }: MemoryRegion2) => (flags & MEMFD) !== 0

const isNew = (here: Here, { slot, size }: MemoryRegion2) => size !== 0n && slotOf(here, slot) === undefined
/** The descriptor that guest_memfd names; undefined: there is none, or it is a number. */
const named = ({ world }: Here, { guest_memfd }: MemoryRegion2): Here | undefined =>
  typeof guest_memfd === 'string' ? world.descriptors.get(guest_memfd) : undefined
const bindsMemfd = (here: Here, arg: MemoryRegion2) => wantsMemfd(arg) && isNew(here, arg)

/** A range of a guest_memfd. */
interface Range {
  file: GuestMemfd
  from: bigint
  size: bigint
}
/** Where a new slot is to have its memory in a guest_memfd, what is to be said of that. */
const isAbout =
  (holds: (here: Here, range: Range) => boolean) =>
  (here: Here, arg: MemoryRegion2): boolean => {
    const file = bindsMemfd(here, arg) ? named(here, arg)?.memfd : undefined
    return file !== undefined && holds(here, { file, from: arg.guest_memfd_offset, size: arg.size })
  }
const documented = api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION')

/** What is wrong before the kernel looks at the descriptor, whatever that is. */
const beforeMemfd: readonly Refusal<MemoryRegion2>[] = [
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
]

/** Before, a slot was bound first, and unbound again where it was refused. */
const BOUND_LAST = ['7.4', '7.3.2']

const isBound: Refusal<MemoryRegion2> = {
  why: 'bound already',
  says: 'No two slots have the same part of a guest_memfd.',
  cite: documented,
  errno: 'EEXIST',
  when: isAbout(({ vm }, { file, from, size }) =>
    vm.memslots.some((slot) => slot.memfd === file && overlap(slot.memfdOffset!, slot.size, from, size)),
  ),
}

export default ioctl<MemoryRegion2>('KVM_SET_USER_MEMORY_REGION2', {
  nr: ioctls.KVM_SET_USER_MEMORY_REGION2,
  on: ['vm'],
  since: '6.8',
  capability: 'KVM_CAP_USER_MEMORY2',
  weight: 3,
  takes,
  prepares: putProgram,
  // No protected VM was tried; and whether a small number is a descriptor, and of what, the notation cannot say.
  isGuess: ({ host, ...here }, arg, refusal) =>
    host.caps.KVM_CAP_GUEST_MEMFD === 1
    && !beforeMemfd.some(({ why }) => why === refusal?.why)
    && bindsMemfd({ host, ...here }, arg)
    && (host.isProtected === true || isUnknownDescriptor(arg.guest_memfd)),
  refuses: [
    ...beforeMemfd,
    {
      why: 'no such guest_memfd',
      says: 'guest_memfd is a descriptor of this process.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_bind'),
      since: '6.18',
      errno: 'EBADF',
      when: (here, arg) =>
        bindsMemfd(here, arg)
        && (isNoDescriptor(arg.guest_memfd) || (typeof arg.guest_memfd === 'string' && !named(here, arg))),
    },
    {
      why: 'no guest_memfd',
      says: 'The descriptor is one that KVM_CREATE_GUEST_MEMFD made.',
      cite: documented,
      since: '6.18',
      errno: 'EINVAL',
      when: (here, arg) => bindsMemfd(here, arg) && (named(here, arg)?.kind ?? 'guest-memfd') !== 'guest-memfd',
    },
    {
      why: 'another VM',
      says: 'A guest_memfd is memory of the VM that it was made for.',
      cite: documented,
      since: '6.18',
      errno: 'EINVAL',
      when: isAbout(({ vm }, { file }) => file.vm !== vm),
    },
    {
      why: 'past its end',
      says: 'The range ends within the guest_memfd.',
      cite: documented,
      since: '6.18',
      errno: 'EINVAL',
      when: isAbout((_, { file, from, size }) => from + size > file.size),
    },
    ...inReleases(
      {
        since: '6.18',
        until: '7.2',
        variant: 'as EINVAL',
        errno: 'EINVAL',
        unseen: 'no kernel from 6.18 to 7.1 was recorded',
      },
      isBound,
    ),
    ...inReleases({ since: '7.2', until: BOUND_LAST }, isBound),
    beyondIpa,
    {
      why: 'not mappable',
      says: 'The guest_memfd has GUEST_MEMFD_FLAG_MMAP: arm64 has no VM whose memory is hidden from userspace.',
      cite: src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'),
      since: '6.18',
      errno: 'EINVAL',
      when: isAbout((_, { file }) => !file.isMappable),
    },
    {
      why: 'MTE',
      says: 'A VM with KVM_CAP_ARM_MTE has no memory of a guest_memfd.',
      cite: src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'),
      since: '6.18',
      errno: 'EINVAL',
      when: isAbout(({ vm }) => vm.hasMte === true),
    },
    ...inReleases({ since: BOUND_LAST, variant: 'when all else is fine' }, isBound),
  ],
  grants: {
    ...setsRegion,
    cite: api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION'),
    then(here, arg, into) {
      const memfd = bindsMemfd(here, arg) ? named(here, arg)?.memfd : undefined
      setsRegion.then!(here, arg, into)
      if (memfd) Object.assign(slotOf(here, arg.slot)!, { memfd, memfdOffset: arg.guest_memfd_offset })
    },
  },
})
