/** KVM_ARM_VCPU_FINALIZE: the table of the mail of March 2019 that proposed it, in the form that shipped. */
import { sequence } from '../../harness/sequence.ts'

sequence('a vcpu with SVE runs once SVE is finalized, and SVE is finalized once', `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_RUN(immediate_exit)                          -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
  KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)
`)

sequence('without SVE nothing needs to be finalized', `
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)
`)
