/** The target that KVM_ARM_VCPU_INIT takes on every host. */
import fc from 'fast-check'
import { faults, showsNumber, struct, type Codec, type BadPointer } from '../../model/codec.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls, targets } from '../../names/index.ts'
import { named } from '../../model/scalar.ts'

const target = named('the target', targets, fc.constant(0))
const whole = struct('kvm_vcpu_init', { target: { of: target, unless: 0 } }, { written: true, shows: 'target' })

/** The struct is only written, so that a trace shows nothing of it but an odd pointer. */
const takes: Codec<{ target: number; at?: BadPointer }> = { ...whole, shows: showsNumber(32, targets) }

export default ioctl('KVM_ARM_PREFERRED_TARGET', {
  nr: ioctls.KVM_ARM_PREFERRED_TARGET,
  on: ['vm'],
  takes,
  refuses: [
    {
      why: 'bad pointer',
      says: 'The whole struct kvm_vcpu_init is written.',
      cite: api('4.83', 'struct kvm_vcpu_init (out)'),
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, 32, true),
    },
  ],
  grants: {
    says: 'A target for KVM_ARM_VCPU_INIT that emulates the host CPU.',
    cite: api('4.83', 'preferred CPU target type'),
    gives: ({ host }) => BigInt(host.preferredTarget),
  },
})
