/** mmap(2) of a page of a guest_memfd, which is no ioctl. */
import { api, ioctl, src } from '../../model/rule.ts'
import { mapFlags } from '../../names/index.ts'
import { offsetOf, takes, WORD, type Mmap } from '../args/mmap.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { forgetPage, readAt, writeAt } from '../ram/shared-page.ts'

const isPrivate = ({ flags }: Mmap): boolean => flags === mapFlags.MAP_PRIVATE

export default ioctl<Mmap>('mmap', {
  syscall: 'mmap',
  on: ['guest-memfd'],
  weight: 1,
  takes,
  // Pages of a vcpu have names of their own: kvm_run, kvm_coalesced_mmio_ring, kvm_dirty_gfn.
  isGuess: ({ kind }) => kind === 'vcpu',
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
      since: '7.2',
      errno: 'EINVAL',
      when: ({ memfd }, arg) => memfd !== undefined && isPrivate(arg),
    },
    {
      why: 'no such page',
      says: 'There is nothing behind the end, nor anything that userspace sees without GUEST_MEMFD_FLAG_INIT_SHARED: who touches it gets a SIGBUS.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_fault_user_mapping'),
      since: '7.2',
      errno: 'EFAULT',
      when: ({ memfd }, { page }) => memfd !== undefined && (!memfd.isShared || BigInt(page + 1) * PAGE > memfd.size),
    },
  ],
  grants: {
    says: 'The page of the guest_memfd, which begins with zeros.',
    cite: api('4.142', 'GUEST_MEMFD_FLAG_MMAP Enable using mmap() on the guest_memfd file', { since: '7.2' }),
    gives: ({ memfd }, arg) =>
      memfd && arg.value === undefined ? readAt(memfd.content, offsetOf(arg), WORD) : undefined,
    then({ kind, vm, vcpu, memfd }, arg) {
      if (arg.value === undefined) return
      if (memfd) writeAt(memfd.content, offsetOf(arg), WORD, arg.value)
      if (kind === 'vcpu') for (const page of [vcpu.run, vm.coalescedRing, vcpu.ring?.page]) if (page) forgetPage(page)
    },
  },
})
