/** Gives entries of the dirty rings back to the kernel, once userspace has marked them as read. */
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { markedIn, resetRings } from '../memory/dirty-ring.ts'
import { noArgument } from '../../model/number-argument.ts'

export default ioctl('KVM_RESET_DIRTY_RINGS', {
  nr: ioctls.KVM_RESET_DIRTY_RINGS,
  on: ['vm'],
  since: '6.1',
  capability: 'KVM_CAP_DIRTY_LOG_RING_ACQ_REL',
  weight: 1,
  takes: noArgument,
  refuses: [
    {
      why: 'no ring',
      says: 'KVM_CAP_DIRTY_LOG_RING_ACQ_REL was enabled. The argument is not looked at.',
      cite: api('8.29', 'calls the VM ioctl KVM_RESET_DIRTY_RINGS', { since: '6.1', until: '7.2' }),
      errno: 'EINVAL',
      when: ({ vm }) => vm.dirtyRing === undefined,
    },
  ],
  grants: {
    says: 'How many entries were taken back: of each ring those that userspace has marked, up to the first that it has not.',
    cite: api('8.29', 'calls the VM ioctl KVM_RESET_DIRTY_RINGS', { since: '6.1', until: '7.2' }),
    gives: ({ vm }) => {
      const marked = markedIn(vm)
      return marked === undefined ? undefined : BigInt(marked)
    },
    then: resetRings,
  },
})
