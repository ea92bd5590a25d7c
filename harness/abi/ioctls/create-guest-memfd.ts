/** Memory of a VM that no process has mapped, behind a descriptor of its own. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { addDescriptor } from '../../model/world.ts'
import { ioctls, memAttributes } from '../../names/index.ts'
import { takes, type GuestMemfd } from '../args/create-guest-memfd.ts'
import { noFreeDescriptor } from './no-free-descriptor.ts'
import { PAGE } from '../args/set-user-memory-region.ts'

const SECTION = '4.142'
const MMAP = BigInt(memAttributes.GUEST_MEMFD_FLAG_MMAP)
const SHARED = BigInt(memAttributes.GUEST_MEMFD_FLAG_INIT_SHARED)

export default ioctl<GuestMemfd>('KVM_CREATE_GUEST_MEMFD', {
  nr: ioctls.KVM_CREATE_GUEST_MEMFD,
  on: ['vm'],
  since: '6.18',
  capability: 'KVM_CAP_GUEST_MEMFD',
  weight: 1,
  takes,
  makes: () => 'memfd',
  mayMake: ({ at }, host) => at === undefined && (!host || host.caps.KVM_CAP_GUEST_MEMFD === 1),
  // No protected VM was tried.
  isGuess: ({ host }) => host.isProtected === true,
  refuses: [
    badPointer(takes, api(SECTION, 'struct kvm_create_guest_memfd', { since: '7.2' })),
    {
      why: 'unknown flag',
      says: 'Flags are those that KVM_CAP_GUEST_MEMFD_FLAGS has.',
      cite: api(SECTION, 'The capability KVM_CAP_GUEST_MEMFD_FLAGS enumerates the flags', { since: '7.2' }),
      errno: 'EINVAL',
      when: ({ host }, { flags }) => (flags & ~BigInt(host.caps.KVM_CAP_GUEST_MEMFD_FLAGS ?? 0)) !== 0n,
    },
    {
      why: 'size',
      says: 'The size is a multiple of the page size, more than 0, and has 63 bits.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_create'),
      errno: 'EINVAL',
      when: (_, { size }) => size === 0n || size % PAGE !== 0n || size >> 63n !== 0n,
    },
    noFreeDescriptor(src('virt/kvm/guest_memfd.c', '__kvm_gmem_create')),
  ],
  grants: {
    says: 'A descriptor. What is reserved is not looked at.',
    cite: api(SECTION, 'KVM_CREATE_GUEST_MEMFD creates an anonymous file and returns a file descriptor', {
      since: '6.18',
    }),
    then: (here, { size, flags }, into) => {
      const { vm } = here
      const memfd = {
        vm,
        size,
        isMappable: (flags & MMAP) !== 0n,
        isShared: (flags & SHARED) !== 0n,
        content: { bytes: new Map() },
      }
      addDescriptor(here, into, { kind: 'guest-memfd', vm, memfd })
    },
  },
})
