/** KVM_CREATE_VM2 with a list of capabilities to enable, each a struct kvm_enable_cap with its arguments. */
import { changed, dialect } from '../model/dialect.ts'
import { createVm2, longest } from './parts/create-vm2/caps.ts'
import { lawsOfList, list } from './parts/create-vm2/caps-laws.ts'
import { limitedBy } from './parts/create-vm2/vectors.ts'

export default dialect({
  name: 'create-vm2-2018-caps',
  about: 'KVM_CREATE_VM2 takes a list of capabilities to be enabled, with arguments; KVM_CHECK_EXTENSION probes them',
  mail: { date: '2018-07-11', from: 'Suzuki K Poulose' },
  ioctls: (shipped) => changed(shipped, limitedBy(longest), [createVm2]),
  sequences: [
    {
      title: 'what KVM_CHECK_EXTENSION gives can be enabled',
      host: '6.12-max-gicv3',
      text: `
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)            -> ok = 52
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE)                    -> ok = 1
        ${list(['ARM_VM_IPA_SIZE', 52], ['ARM_SVE', 0])}        -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok`,
    },
    {
      title: 'an empty list makes a VM of 40 bits whose vcpus have no SVE',
      text: `
        vm = KVM_CREATE_VM2()                                   -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> -EINVAL (VM without SVE)`,
    },
    {
      title: 'vcpus have the vectors of their VM, or shorter ones',
      text: `
        ${list(['ARM_SVE', 256])}                               -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x3
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x7)     -> -EINVAL (longer than those of the VM)`,
    },
    {
      title: 'what the host does not support is refused',
      text: `
        ${list(['ARM_VM_IPA_SIZE', 53])} -> -EINVAL (IPA size)
        ${list(['ARM_VM_IPA_SIZE', 31])} -> -EINVAL (IPA size)
        ${list(['ARM_SVE', 100])}        -> -EINVAL (vector length)`,
    },
    {
      title: 'a host without SVE says so',
      host: '6.12-cortex-a57-gicv3',
      text: `
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE) -> ok = 0
        ${list(['ARM_SVE', 0])}              -> -EINVAL (no SVE)`,
    },
    {
      title: 'a list that means nothing is refused, so that it can be given a meaning',
      text: `
        KVM_CREATE_VM2(&short(215))                                                  -> -EFAULT (bad pointer)
        KVM_CREATE_VM2(nr = 3)                                                       -> -E2BIG (too many)
        KVM_CREATE_VM2(flags = 1)                                                    -> -EINVAL (flags)
        KVM_CREATE_VM2(nr = 1, caps[0].cap = KVM_CAP_ONE_REG)                        -> -EINVAL (unknown capability)
        KVM_CREATE_VM2(nr = 1, caps[0].cap = KVM_CAP_ARM_SVE, caps[0].flags = 1)     -> -EINVAL (unknown argument)
        KVM_CREATE_VM2(nr = 1, caps[0].cap = KVM_CAP_ARM_SVE, caps[0].args[3] = 0x1) -> -EINVAL (unknown argument)
        KVM_CREATE_VM2(nr = 1, caps[0].cap = KVM_CAP_ARM_SVE, caps[0].pad = 1 << 511) -> -EINVAL (unknown argument)
        ${list(['ARM_SVE', 0], ['ARM_SVE', 0])}                                      -> -EINVAL (twice)`,
    },
  ],
  laws: lawsOfList,
  compared: [
    {
      about: 'capabilities that are enabled when a VM is made',
      drafted: 'a list of struct kvm_enable_cap with arguments, in one call',
      shipped: 'nothing of it: no kernel knows the number; the type of KVM_CREATE_VM has the size',
      asks: `kvm: ioctl(0x40d8ae0f) -> -EINVAL (unknown ioctl)`,
      because: 'It was called a possibility, once it were understood how x86 uses KVM_ENABLE_CAP, and went no further.',
      source:
        "Dave Martin, 2018-07-11: That's a possibility. I guess we'd need to understand how exactly x86 uses this",
    },
    {
      about: 'probing by KVM_CHECK_EXTENSION',
      drafted: 'the capability that is enabled also tells its limit, so that no new set of attributes is needed',
      shipped: 'so: KVM_CAP_ARM_VM_IPA_SIZE gives the largest size, which the type of KVM_CREATE_VM may name',
      asks: `
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok
        KVM_CREATE_VM(40)                            -> ok
        KVM_CREATE_VM(53)                            -> -EINVAL (IPA size too big)`,
      because: 'With capabilities probing becomes straightforward.',
      source: 'Suzuki K Poulose, 2018-07-11: probing becomes straight forward',
    },
  ],
})
