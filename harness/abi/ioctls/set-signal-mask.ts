/** Which signals are blocked while KVM_RUN is under way. */
import { faults } from '../../model/pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { LENGTH, SET, takes, type SignalMask } from '../args/set-signal-mask.ts'

const inKvm = src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl')

export default ioctl<SignalMask>('KVM_SET_SIGNAL_MASK', {
  nr: ioctls.KVM_SET_SIGNAL_MASK,
  on: ['vcpu'],
  weight: 1,
  takes,
  refuses: [
    {
      why: 'bad pointer',
      says: 'The length is read.',
      cite: api('4.21', 'struct kvm_signal_mask (in)'),
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, LENGTH),
    },
    {
      why: 'length',
      says: 'A set of signals has 8 bytes.',
      cite: inKvm,
      errno: 'EINVAL',
      when: (_, { isNull, len }) => !isNull && len !== SET,
    },
    {
      why: 'bad pointer',
      variant: 'the set',
      says: 'The set is read once its length is known to be right.',
      cite: inKvm,
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, LENGTH + SET),
    },
  ],
  grants: {
    says: 'KVM_RUN blocks these signals instead of those that the thread blocks; a null pointer takes the mask away.',
    cite: api('4.21', 'Defines which signals are blocked during execution of KVM_RUN'),
  },
})
