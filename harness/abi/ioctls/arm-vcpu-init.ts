/** Chooses the CPU a vcpu presents to the guest, and resets it. */
import { offers } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, src, type Grant, type Refusal, type Statement } from '../../model/rule.ts'
import { features, ioctls } from '../../names/index.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { takes, type VcpuInit } from '../args/arm-vcpu-init.ts'
import {
  AARCH32,
  asked,
  forget,
  forgetButStick,
  forgetButWidth,
  halfPtrauth,
  lacks,
  lacksAny,
  needsHost,
  OFF,
  others,
  resetAlone,
  resetWithFeatures,
  resetWithWidth,
} from './vcpu-features.ts'
import { strictWithoutPmu, unknownFeature } from './vcpu-feature-bits.ts'
import { ofMte } from './vcpu-mte.ts'

const { KVM_ARM_VCPU_EL1_32BIT, KVM_ARM_VCPU_HAS_EL2, KVM_ARM_VCPU_HAS_EL2_E2H0, KVM_ARM_VCPU_PMU_V3 } = features

const notOffered = (taken: number): Refusal<VcpuInit> => ({
  why: 'not offered',
  says: 'A feature needs its capability.',
  cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
  errno: 'EINVAL',
  when: (here, arg) => lacksAny(here, needsHost(here, arg) & ~(1 << taken)),
  lacks,
})

const halfOfPtrauth: Refusal<VcpuInit> = {
  why: 'half of PTRAUTH',
  says: 'KVM_ARM_VCPU_PTRAUTH_ADDRESS and KVM_ARM_VCPU_PTRAUTH_GENERIC come together.',
  cite: api('4.82', 'KVM_ARM_VCPU_PTRAUTH_GENERIC must be requested or neither must be requested'),
  errno: 'EINVAL',
  when: (here, arg) => halfPtrauth(asked(here, arg)),
}

const isReset: Grant<VcpuInit> = {
  says: 'The vcpu is reset to its initial state.',
  cite: api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
}

const ofOneVcpu: Statement = {
  says: 'Whether features go together is a matter of one vcpu; nothing is said of others of the VM.',
  cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
}

export default ioctl('KVM_ARM_VCPU_INIT', {
  nr: ioctls.KVM_ARM_VCPU_INIT,
  on: ['vcpu'],
  weight: 10,
  takes,
  refuses: [
    badPointer(takes, api('4.82', 'struct kvm_vcpu_init (in)')),
    {
      why: 'target',
      says: 'The target is the host CPU’s own, or from 6.12 on also KVM_ARM_TARGET_GENERIC_V8.',
      cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
      errno: 'EINVAL',
      when: ({ host }, { target: t }) => t !== undefined && !host.targets.includes(t),
    },
    {
      why: 'changed mind',
      variant: 'of the vcpu',
      says: 'A later call asks for the features of the first. They are compared before unknown bits are seen.',
      cite: api('4.82', 'All calls to this function after the initial call'),
      until: '6.12',
      errno: 'EINVAL',
      when: ({ vcpu }, { features: f }) => vcpu.initialised && ((vcpu.features ^ f) & 0x7f) !== 0,
    },
    ...unknownFeature,
    ...inReleases(
      {
        until: '6.1',
        variant: 'all but KVM_ARM_VCPU_PMU_V3',
        says: 'A feature needs its capability. 5.10 takes KVM_ARM_VCPU_PMU_V3 on a host without PMU.',
        leaves: forgetButStick,
      },
      notOffered(KVM_ARM_VCPU_PMU_V3),
    ),
    {
      why: 'another width',
      variant: 'of the other vcpus',
      says: 'EL1 is 32-bit on all vcpus of a VM or on none; a vcpu not yet initialised counts as 64-bit.',
      cite: src('arch/arm64/kvm/reset.c', 'vcpu_allowed_register_width'),
      text: [ofOneVcpu],
      until: '6.1',
      errno: 'EINVAL',
      when: (here, arg) =>
        others(here).some((v) => ((v.features | v.leaked) & AARCH32) !== (asked(here, arg) & AARCH32)),
      leaves: forgetButStick,
    },
    {
      why: 'another width',
      variant: 'of the VM',
      says: 'EL1 is 32-bit on all vcpus of a VM or on none.',
      cite: src('arch/arm64/kvm/reset.c', 'kvm_set_vm_width'),
      text: [ofOneVcpu],
      since: '6.1',
      until: '6.12',
      errno: 'EINVAL',
      when: (here, arg) =>
        here.vm.width !== undefined && (here.vm.width === 32) !== ((asked(here, arg) & AARCH32) !== 0),
      leaves: forget,
    },
    {
      why: 'not offered',
      variant: '32-bit EL1',
      says: 'EL1 cannot be 32-bit on this host.',
      cite: api('4.82', 'Depends on KVM_CAP_ARM_EL1_32BIT'),
      since: '6.1',
      until: '6.12',
      errno: 'EINVAL',
      when: (here, arg) => (asked(here, arg) & AARCH32) !== 0 && !offers(here.host, KVM_ARM_VCPU_EL1_32BIT),
      lacks: () => 'KVM_CAP_ARM_EL1_32BIT = 0',
      example: 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT)',
      leaves: forget,
    },
    ...ofMte,
    ...inReleases(
      { since: '6.1', until: '6.12', variant: 'all but 32-bit EL1', leaves: forgetButWidth },
      notOffered(KVM_ARM_VCPU_EL1_32BIT),
    ),
    ...inReleases(
      {
        since: '6.12',
        variant: 'all but KVM_ARM_VCPU_HAS_EL2_E2H0',
        says: 'A feature needs its capability, but for KVM_ARM_VCPU_HAS_EL2_E2H0 without nested virtualization.',
        text: [
          {
            says: 'KVM_ARM_VCPU_HAS_EL2_E2H0 needs its capability, and KVM_ARM_VCPU_HAS_EL2.',
            cite: api('4.82', 'KVM_ARM_VCPU_HAS_EL2 must also be set'),
            since: '7.2',
          },
        ],
      },
      notOffered(KVM_ARM_VCPU_HAS_EL2_E2H0),
    ),
    ...inReleases({ until: '6.1', variant: 'vcpu forgets', leaves: forgetButStick }, halfOfPtrauth),
    ...inReleases({ since: '6.1', until: '6.12', variant: 'VM keeps a width', leaves: forgetButWidth }, halfOfPtrauth),
    ...inReleases({ since: '6.12', when: (_, { features: f }) => halfPtrauth(f) }, halfOfPtrauth),
    strictWithoutPmu,
    {
      why: '32-bit EL1 with EL2',
      says: 'A guest with EL2 is 64-bit.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_vcpu_init_check_features'),
      since: '6.16',
      errno: 'EINVAL',
      when: (_, { features: f }) => (f & AARCH32) !== 0 && (f & (1 << KVM_ARM_VCPU_HAS_EL2)) !== 0,
      unseen: 'the recorded host with nested virtualization has no 32-bit EL1',
    },
    {
      why: 'changed mind',
      variant: 'of the VM',
      says: 'All vcpus of a VM have the features of the first; KVM_ARM_VCPU_POWER_OFF may differ each time.',
      cite: src('arch/arm64/kvm/arm.c', '__kvm_vcpu_set_target'),
      text: [
        {
          says: 'A later call has the same target and features, KVM_ARM_VCPU_POWER_OFF included.',
          cite: api('4.82', 'All calls to this function after the initial call'),
        },
        ofOneVcpu,
      ],
      since: '6.12',
      errno: 'EINVAL',
      when: ({ vm }, { features: f }) => vm.features !== undefined && vm.features !== (f & ~OFF) >>> 0,
    },
  ],
  grants: [
    ...inReleases({ until: '6.1', variant: 'features of the vcpu', then: resetAlone }, isReset),
    ...inReleases({ since: '6.1', until: '6.12', variant: 'width of the VM', then: resetWithWidth }, isReset),
    ...inReleases(
      {
        since: '6.12',
        says:
          'The vcpu is reset to its initial state, but for an SError that is pending once it has run; the VM has these '
          + 'features from now on.',
        then: resetWithFeatures,
      },
      isReset,
    ),
  ],
})
