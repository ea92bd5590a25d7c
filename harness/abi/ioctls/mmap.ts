/** mmap(2) of a page of a guest_memfd or of a vcpu, which is no ioctl. */
import { api, ioctl, src } from '../../model/rule.ts'
import type { Contents } from '../../model/contents.ts'
import type { Here } from '../../model/world.ts'
import { mapFlags } from '../../names/index.ts'
import { isOfRing, offsetInRing } from '../args/dirty-gfn.ts'
import { offsetOf, takes, WORD, type Mmap } from '../args/mmap.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { forgetPage, readAt, writeAt } from '../ram/shared-page.ts'

/** Pages of a vcpu have names of their own: kvm_run, kvm_coalesced_mmio_ring, and behind these kvm_dirty_gfn. */
const KVM_RUN_PAGE = 0,
  COALESCED_PAGE = 1
const isRingPage = ({ vcpu: { ring } }: Here, { page }: Mmap): boolean =>
  ring !== undefined && isOfRing(page, ring.size)

/**
 * What the table knows of the page, and where it begins there. How a KVM_RUN was called stands at the beginning of
 * kvm_run.
 */
const contentOf = (here: Here, arg: Mmap): { content: Contents; at: number } | undefined => {
  const { kind, vm, vcpu, memfd } = here
  if (memfd) return { content: memfd.content, at: offsetOf(arg) }
  if (kind === 'vcpu' && arg.page === COALESCED_PAGE) return { content: vm.coalescedRing, at: 0 }
  if (kind !== 'vcpu' || !vcpu.ring || vcpu.ring.isUnknown || !isRingPage(here, arg)) return undefined
  return { content: vcpu.ring.page, at: offsetInRing(arg.page) }
}

const isPrivate = ({ flags }: Mmap): boolean => flags === mapFlags.MAP_PRIVATE

export default ioctl<Mmap>('mmap', {
  syscall: 'mmap',
  on: ['guest-memfd', 'vcpu'],
  weight: 1,
  takes,
  refuses: [
    {
      why: 'read-only',
      says: 'Statistics are for reading.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_get_stats_fd'),
      errno: 'EACCES',
      since: '6.1',
      when: ({ kind }, arg) => kind === 'stats' && !isPrivate(arg),
    },
    {
      why: 'not mappable',
      says: 'Nothing of the descriptor can be mapped: of a guest_memfd without GUEST_MEMFD_FLAG_MMAP, neither.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_mmap'),
      errno: 'ENODEV',
      when: ({ kind, memfd }) => kind !== 'vcpu' && memfd?.isMappable !== true,
    },
    {
      why: 'private',
      says: 'The pages of a guest_memfd are those of its VM, and no mapping has copies of them.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_mmap'),
      since: '6.18',
      errno: 'EINVAL',
      when: ({ memfd }, arg) => memfd !== undefined && isPrivate(arg),
    },
    {
      why: 'private',
      variant: 'of a ring',
      says: 'Userspace and kernel share the ring of dirty pages, and a mapping that has copies of it is none.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_mmap'),
      since: '6.12',
      errno: 'EINVAL',
      when: (here, arg) => here.kind === 'vcpu' && isPrivate(arg) && isRingPage(here, arg),
    },
    {
      why: 'no such page',
      variant: 'of a vcpu',
      says: 'A vcpu has kvm_run, the ring of coalesced MMIO, and its ring of dirty pages: who touches another page gets a SIGBUS.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_fault'),
      errno: 'EFAULT',
      when: (here, arg) =>
        here.kind === 'vcpu' && arg.page !== KVM_RUN_PAGE && arg.page !== COALESCED_PAGE && !isRingPage(here, arg),
    },
    {
      why: 'no such page',
      says: 'There is nothing behind the end, nor anything that userspace sees without GUEST_MEMFD_FLAG_INIT_SHARED: who touches it gets a SIGBUS.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_fault_user_mapping'),
      since: '6.18',
      errno: 'EFAULT',
      when: ({ memfd }, { page }) => memfd !== undefined && (!memfd.isShared || BigInt(page + 1) * PAGE > memfd.size),
    },
  ],
  grants: {
    says: 'The page of the guest_memfd, which begins with zeros, or of the vcpu. What is written to a private one nobody else sees.',
    cite: api('4.142', 'GUEST_MEMFD_FLAG_MMAP Enable using mmap() on the guest_memfd file', { since: '7.2' }),
    gives(here, arg) {
      const page = arg.value === undefined ? contentOf(here, arg) : undefined
      return page && readAt(page.content, page.at, WORD)
    },
    then(here, arg) {
      const page = arg.value === undefined || isPrivate(arg) ? undefined : contentOf(here, arg)
      if (page && page.content !== here.vcpu?.ring?.page) writeAt(page.content, page.at, WORD, arg.value)
      else if (page) forgetPage(page.content)
    },
  },
})
