/** Guest physical memory: a slot maps a range of it to memory of this process. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { known, takes } from '../args/set-user-memory-region.ts'
import { putProgram } from '../ram/programs.ts'
import { badAddresses, badChange, badSlot, beyondIpa, setsRegion } from '../memory/region.ts'

export default ioctl('KVM_SET_USER_MEMORY_REGION', {
  nr: ioctls.KVM_SET_USER_MEMORY_REGION,
  on: ['vm'],
  capability: 'KVM_CAP_USER_MEMORY',
  weight: 6,
  takes,
  prepares: putProgram,
  refuses: [
    badPointer(takes, api('4.35', 'struct kvm_userspace_memory_region (in)')),
    {
      why: 'unknown flag',
      says: 'Flags are KVM_MEM_LOG_DIRTY_PAGES and KVM_MEM_READONLY.',
      cite: api('4.35', 'The flags field supports two flags'),
      errno: 'EINVAL',
      when: (_, { flags: f }) => (f & ~known) !== 0,
    },
    ...badAddresses,
    ...badSlot,
    ...badChange,
    beyondIpa,
  ],
  grants: setsRegion,
})
