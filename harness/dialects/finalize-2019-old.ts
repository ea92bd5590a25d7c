/** A kernel from before KVM_ARM_VCPU_FINALIZE: it knows neither the call nor the feature that needs it. */
import { assumed } from '../model/rule.ts'
import { before, changed, dialect } from '../model/dialect.ts'
import { features } from '../names/index.ts'
import { finalizeWith } from './parts/finalize/call.ts'
import { GUEST } from './parts/finalize/guest.ts'
import { userspaceOfTheMail } from './parts/finalize/laws.ts'
import type { VcpuInit } from '../abi/args/arm-vcpu-init.ts'
import type { Refusal } from '../model/rule.ts'

/** Features had the numbers 0 to 3 then. */
const unknownFeature: Refusal<VcpuInit> = {
  why: 'unknown feature',
  variant: 'bit 4',
  says: 'KVM_ARM_VCPU_SVE and the features after it mean nothing yet.',
  cite: assumed('a features bit that is unknown is ENOENT, on old kernels too'),
  errno: 'ENOENT',
  when: (_, { features: f }) => f >>> features.KVM_ARM_VCPU_SVE !== 0,
}

export default dialect({
  name: 'finalize-2019-old',
  about: 'A kernel that does not know KVM_ARM_VCPU_FINALIZE, for userspace that has to work on it, too',
  mail: { date: '2019-03-07', from: 'Dave Martin' },
  ioctls: (shipped) =>
    changed(shipped, {
      // On no descriptor: the number is unknown.
      KVM_ARM_VCPU_FINALIZE: () => ({ ...finalizeWith([], []), on: [], refuses: [] }),
      KVM_ARM_VCPU_INIT: before('target', unknownFeature),
    }),
  sequences: [
    {
      title: 'the call that userspace has inserted into its init sequence is no error to it',
      text: `
        ${GUEST}
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        vcpu0: KVM_ARM_VCPU_FINALIZE             -> -EINVAL (unknown ioctl)
        vcpu0: KVM_GET_REG_LIST(n = 1000)        -> ok
        vcpu0: KVM_RUN                           -> ok
        vcpu0: KVM_ARM_VCPU_FINALIZE             -> -EINVAL (unknown ioctl)`,
    },
    {
      title: 'userspace that wants SVE learns before that call that there is none',
      text: `
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> -ENOENT (unknown feature)
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                -> ok`,
    },
  ],
  laws: [
    userspaceOfTheMail('-EINVAL', () => [
      '0',
      'KVM_ARM_VCPU_PSCI_0_2',
      'KVM_ARM_VCPU_POWER_OFF | KVM_ARM_VCPU_PSCI_0_2',
    ]),
  ],
  compared: [
    {
      about: 'a call that the kernel does not know',
      drafted: 'EINVAL, which userspace takes for no error',
      shipped: 'EINVAL for any unknown number of a vcpu, now as then',
      asks: `
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        vcpu0: ioctl(0xaec2)                     -> -EINVAL (unknown ioctl)
        vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)`,
      because: 'Calling it on an old KVM is harmless, so long as userspace knows to ignore this failure case.',
      source: 'Dave Martin, 2019-03-01: calling _FINALIZE on an old kvm is harmless',
    },
  ],
})
