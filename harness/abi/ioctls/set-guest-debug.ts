/** Lets userspace debug the guest: step by step, at its breakpoints, or with the debug registers. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { guestDebug, ioctls } from '../../names/index.ts'
import { KNOWN, takes, type GuestDebug } from '../args/set-guest-debug.ts'

export default ioctl<GuestDebug>('KVM_SET_GUEST_DEBUG', {
  nr: ioctls.KVM_SET_GUEST_DEBUG,
  on: ['vcpu'],
  capability: 'KVM_CAP_SET_GUEST_DEBUG',
  takes,
  refuses: [
    badPointer(takes, api('4.87', 'struct kvm_guest_debug (in)')),
    {
      why: 'unknown control bits',
      says: 'Four bits of the control word mean something, whether or not the first enables the others.',
      cite: src('arch/arm64/kvm/guest.c', 'kvm_arch_vcpu_ioctl_set_guest_debug'),
      errno: 'EINVAL',
      when: (_, { control }) => (control & ~KNOWN) !== 0,
    },
  ],
  grants: {
    says: 'The guest is debugged so, or without KVM_GUESTDBG_ENABLE no more. The padding is not looked at.',
    cite: api('4.87', 'Set up the processor specific debug registers and configure vcpu for handling guest debug'),
    then: ({ vcpu }, { control, ...of }) => {
      vcpu.debug = control & guestDebug.KVM_GUESTDBG_ENABLE ? control : 0
      vcpu.debugRegisters = {
        bcr: of['arch.dbg_bcr'],
        bvr: of['arch.dbg_bvr'],
        wcr: of['arch.dbg_wcr'],
        wvr: of['arch.dbg_wvr'],
      }
      if (vcpu.debug === 0) delete vcpu.stepIsDue
    },
  },
})
