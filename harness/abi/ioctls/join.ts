/**
 * join: a signal ends the KVM_RUN that another thread has begun on the vcpu, and this is its answer. It is no ioctl.
 */
import { ioctl, api, src } from '../../model/rule.ts'
import { isRunUnknown } from '../../model/vcpu.ts'
import { nothing } from '../args/nothing.ts'
import { endInBackground } from '../entry/background.ts'

export default ioctl('join', {
  syscall: 'join',
  on: ['vcpu'],
  // Drawn calls would wait for ever on a vcpu that runs where shrinking has left this one out.
  weight: 0,
  isInterrupted: () => true,
  takes: nothing('join'),
  isGuess: ({ vm, vcpu }) => vm.dead || isRunUnknown(vcpu),
  refuses: [
    {
      why: 'nothing begun',
      says: 'There is no thread: none was begun, or its call failed at once.',
      cite: src('kernel/signal.c', 'kill_something_info'),
      errno: 'ESRCH',
      when: ({ world }) => world === undefined,
    },
    {
      why: 'signal',
      says: 'The guest does not leave by itself, whatever became of the descriptors of its vcpu and VM meanwhile.',
      cite: api('4.10', 'EINTR an unmasked signal is pending'),
      errno: 'EINTR',
      when: () => true,
      leaves: endInBackground,
    },
  ],
  grants: {
    says: 'The guest had left by itself.',
    cite: api('4.10', 'This ioctl is used to run a guest virtual cpu'),
    unseen: 'when a guest leaves by itself is not known to the table, so that nothing is claimed of it',
    then: endInBackground,
  },
})
