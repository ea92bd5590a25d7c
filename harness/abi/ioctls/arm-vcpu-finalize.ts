/**
 * Freezes the configuration of one feature; a vcpu that asked for it cannot run before. It takes a bit number, not a
 * bit.
 */
import { api, ioctl, src } from '../../model/rule.ts'
import { features, ioctls } from '../../names/index.ts'
import { has } from '../../model/vcpu.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { takes } from '../args/arm-vcpu-finalize.ts'

const SVE = features.KVM_ARM_VCPU_SVE

export default ioctl('KVM_ARM_VCPU_FINALIZE', {
  nr: ioctls.KVM_ARM_VCPU_FINALIZE,
  on: ['vcpu'],
  capability: 'KVM_CAP_ARM_SVE',
  weight: 5,
  takes,
  refuses: [
    {
      why: 'not initialised',
      says: 'There is nothing to finalize before KVM_ARM_VCPU_INIT.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'),
      text: [
        {
          says: 'The errors are EPERM and EINVAL; a feature not enabled is EPERM.',
          cite: api('4.119', 'EPERM feature not enabled, needs configuration, or already finalized'),
        },
      ],
      errno: 'ENOEXEC',
      when: ({ vcpu }) => !vcpu.initialised,
    },
    badPointer(takes, api('4.119', 'int feature (in)')),
    {
      why: 'nothing to freeze',
      says: 'SVE is the only feature that is finalized.',
      cite: api('4.119', 'EINVAL feature unknown or not present'),
      errno: 'EINVAL',
      when: (_, { value }) => value !== SVE,
    },
    {
      why: 'not enabled',
      says: 'Only a feature the vcpu was initialised with can be finalized.',
      cite: src('arch/arm64/kvm/reset.c', 'kvm_arm_vcpu_finalize'),
      errno: 'EINVAL',
      instead: {
        errno: 'EPERM',
        cite: api('4.119', 'EPERM feature not enabled, needs configuration, or already finalized'),
      },
      when: ({ vcpu }) => (has(vcpu) & (1 << SVE)) === 0,
    },
    {
      why: 'too late',
      says: 'A feature is finalized once.',
      cite: api('4.119', 'EPERM feature not enabled, needs configuration, or already finalized'),
      errno: 'EPERM',
      when: ({ vcpu }) => vcpu.sveFinalized,
    },
  ],
  grants: {
    says: 'From here on the configuration of the feature is immutable.',
    cite: api('4.82', 'After KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'),
    then: ({ vcpu }) => {
      vcpu.sveFinalized = true
    },
  },
})
