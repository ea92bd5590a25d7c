/**
 * What KVM_SET_USER_MEMORY_REGION and KVM_SET_USER_MEMORY_REGION2 refuse alike, in pieces between which the latter has
 * more.
 */
import { onlyLimit } from '../../model/host.ts'
import { api, src, type Grant, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import type { Memslot } from '../../model/vm.ts'
import { memFlags } from '../../names/index.ts'
import { PAGE, type MemoryRegion } from '../args/set-user-memory-region.ts'
import { AGENT_MEMORY, addressOf, isNoUserAddress } from '../args/userspace-address.ts'
import { writtenOf } from './dirty-ring.ts'
import { logOf, slotOf } from '../ram/slots.ts'

const isFull = ({ slot }: MemoryRegion) => slot >>> 16 !== 0
type Rows = readonly Refusal<MemoryRegion>[]

/** Where the memory is. */
export const badAddresses: Rows = [
  {
    why: 'not whole pages',
    says: 'Size, guest address and userspace address are multiples of the page size.',
    cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
    errno: 'EINVAL',
    when: (_, arg) => arg.gpa % PAGE !== 0n || arg.size % PAGE !== 0n || addressOf(arg) % PAGE !== 0n,
  },
  {
    why: 'no userspace address',
    says: 'The memory lies in the half of the addresses that userspace has, and its address has no tag.',
    cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
    errno: 'EINVAL',
    when: (_, arg) => isNoUserAddress(arg),
  },
]

/** Which slot, and how large. */
export const badSlot: Rows = [
  {
    why: 'address space',
    says: 'The upper half of the slot number is an address space; arm64 has one.',
    cite: api('4.35', 'If KVM_CAP_MULTI_ADDRESS_SPACE is available'),
    errno: 'EINVAL',
    when: (_, arg) => isFull(arg),
  },
  {
    why: 'slot number',
    says: 'Slots are numbered below KVM_CAP_NR_MEMSLOTS.',
    cite: api('4.35', 'The maximum allowed slots can be queried using KVM_CAP_NR_MEMSLOTS'),
    errno: 'EINVAL',
    when: ({ host }, { slot }) => (slot & 0xffff) >= (host.caps.KVM_CAP_NR_MEMSLOTS ?? 0),
  },
  {
    why: 'wraps around',
    says: 'The range does not pass the end of 64 bits.',
    cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
    errno: 'EINVAL',
    when: (_, { gpa: g, size: s }) => g + s >= 1n << 64n,
  },
  {
    why: 'too big',
    says: 'A slot has fewer than 2^31 pages.',
    cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
    errno: 'EINVAL',
    when: (_, { size: s }) => s / PAGE > (1n << 31n) - 1n,
  },
  {
    why: 'nothing to delete',
    says: 'Size 0 deletes a slot, which must be there.',
    cite: api('4.35', 'Deleting a slot is done by passing zero for memory_size'),
    errno: 'EINVAL',
    when: (here, { slot, size: s }) => s === 0n && !slotOf(here, slot),
  },
]

/** What is in the way. */
export const badChange: Rows = [
  {
    why: 'changed for good',
    says: 'A slot keeps its size, its userspace address and KVM_MEM_READONLY; with KVM_MEM_GUEST_MEMFD it is never changed.',
    cite: api('4.35', 'When changing an existing slot'),
    errno: 'EINVAL',
    when: (here, arg) => {
      const { slot, size: s, flags: f } = arg
      const old = slotOf(here, slot)
      return (
        old !== undefined
        && s !== 0n
        && (old.size !== s
          || old.hva !== addressOf(arg)
          || ((old.flags ^ f) & memFlags.KVM_MEM_READONLY) !== 0
          || ((old.flags | f) & memFlags.KVM_MEM_GUEST_MEMFD) !== 0)
      )
    },
  },
  {
    why: 'overlaps',
    says: 'Slots do not overlap in guest physical memory.',
    cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
    errno: 'EEXIST',
    when: (here, { slot, gpa: g, size: s }) =>
      s !== 0n
      && slotOf(here, slot)?.gpa !== g
      && here.vm.memslots.some((o) => o.id !== slot && g < o.gpa + o.size && o.gpa < g + s),
  },
]

/** What arm64 looks at in the end. */
export const beyondIpa: Refusal<MemoryRegion> = {
  why: 'beyond the IPA size',
  says: 'A slot ends within the guest physical addresses of the VM. Not E2BIG, which device addresses get.',
  cite: src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'),
  text: [
    {
      says: 'No limit and no errno is given; of device addresses it is E2BIG.',
      cite: api('4.35', 'Slots may not overlap in guest physical address space'),
    },
  ],
  errno: 'EFAULT',
  when: (here, { slot, flags: f, gpa: g, size: s }) => {
    const old = slotOf(here, slot)
    const isNoChange = old !== undefined && old.gpa === g && old.flags === f
    return s !== 0n && !isNoChange && g + s > 1n << BigInt(here.vm.ipa)
  },
  notApplicable: onlyLimit,
}

/** A log of more memory than this has bitmaps of many megabytes, for which a machine may have no room. */
const LARGEST_LOG = 1n << 38n
/** In a VM with MTE all memory behind a slot must be able to have tags, and only of the agent's own it is known. */
const isUnknownToMte = ({ vm }: Here, { ram, raw, size }: MemoryRegion): boolean =>
  vm.hasMte === true && (raw !== undefined || BigInt(ram) + size > AGENT_MEMORY)

/** A guest that spins in another thread may find other instructions, or none, and go on from there. */
const disturbGuests = ({ vcpus }: Here['vm']): void => {
  for (const { running, off } of vcpus) if (running && !off) running.isUnknown = true
}

export const setsRegion: Grant<MemoryRegion> = {
  isGuess: (here, arg) =>
    isUnknownToMte(here, arg) || ((arg.flags & memFlags.KVM_MEM_LOG_DIRTY_PAGES) !== 0 && arg.size > LARGEST_LOG),
  says: 'The slot is there, moved, changed or deleted.',
  cite: api('4.35', 'allows the user to create, modify or delete a guest physical memory slot'),
  then: (here, arg) => {
    const { vm } = here
    const { slot: id, flags: f, gpa: g, size: s } = arg
    const old = slotOf(here, id)
    disturbGuests(vm)
    vm.memslots = vm.memslots.filter((o) => o !== old)
    if (s === 0n) return
    const slot: Memslot = { id, flags: f, gpa: g, size: s, hva: addressOf(arg) }
    const log = logOf(vm, slot, old)
    if (log !== undefined) slot.log = log
    if (log !== undefined && old?.isLogUnknown) slot.isLogUnknown = true
    const written = writtenOf(vm, slot, old)
    if (written !== undefined) slot.written = written
    vm.memslots.push(slot)
  },
}
