/** The target that KVM_ARM_VCPU_INIT takes on every host. */
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { takes } from '../args/arm-preferred-target.ts'

export default ioctl('KVM_ARM_PREFERRED_TARGET', {
  nr: ioctls.KVM_ARM_PREFERRED_TARGET,
  on: ['vm'],
  takes,
  refuses: [badPointer(takes, api('4.83', 'struct kvm_vcpu_init (out)'))],
  grants: {
    says: 'A target for KVM_ARM_VCPU_INIT that emulates the host CPU.',
    cite: api('4.83', 'preferred CPU target type'),
    gives: ({ host }) => BigInt(host.preferredTarget),
  },
})
