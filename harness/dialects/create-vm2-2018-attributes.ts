/** KVM_CREATE_VM2 with a list of attributes, and a call that tells what the host supports of each. */
import { changed, dialect } from '../model/dialect.ts'
import { createVm2, probe } from './parts/create-vm2/attributes.ts'
import { laws, list } from './parts/create-vm2/attributes-laws.ts'
import { limitedBy } from './parts/create-vm2/vectors.ts'

export default dialect({
  name: 'create-vm2-2018-attributes',
  about: 'KVM_CREATE_VM2 takes a list of attributes, and a call gives back what the host supports of each',
  mail: { date: '2018-07-09', from: 'Dave Martin' },
  ioctls: (shipped) =>
    changed(
      shipped,
      limitedBy(({ proposed }) => proposed as number | undefined),
      [probe, createVm2],
    ),
  sequences: [
    {
      title: 'the host tells what it supports, and that can be had',
      host: '6.12-max-gicv3',
      text: `
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_IPA_SIZE)          -> ok = 52
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES) -> ok = 1
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_SVE_VLEN)          -> ok = 2048
        ${list(['ARCH_CAPABILITIES', 1], ['IPA_SIZE', 52], ['SVE_VLEN', 2048])} -> ok`,
    },
    {
      title: 'an empty list makes a VM of 40 bits whose vcpus have no SVE',
      text: `
        vm = KVM_CREATE_VM2()                                   -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> -EINVAL (VM without SVE)
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                -> ok`,
    },
    {
      title: 'vcpus have the vectors of their VM, or shorter ones',
      text: `
        ${list(['ARCH_CAPABILITIES', 1], ['SVE_VLEN', 256])}    -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x3
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x7)     -> -EINVAL (longer than those of the VM)`,
    },
    {
      title: 'what the host does not support is refused',
      text: `
        ${list(['IPA_SIZE', 53])}                            -> -EINVAL (IPA size)
        ${list(['IPA_SIZE', 31])}                            -> -EINVAL (IPA size)
        ${list(['ARCH_CAPABILITIES', 2])}                    -> -EINVAL (unsupported capability)
        ${list(['SVE_VLEN', 256])}                           -> -EINVAL (vector length)
        ${list(['ARCH_CAPABILITIES', 1], ['SVE_VLEN', 100])} -> -EINVAL (vector length)`,
    },
    {
      title: 'a host without SVE says so, and userspace may change its mind',
      says: 'Dave Martin, 2018-07-10: userspace might want to change its mind if setting a particular propertiy fails.',
      host: '6.12-cortex-a57-gicv3',
      text: `
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES) -> ok = 0
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_SVE_VLEN)          -> ok = 0
        ${list(['ARCH_CAPABILITIES', 1])}                       -> -EINVAL (unsupported capability)
        ${list(['ARCH_CAPABILITIES', 0])}                       -> ok`,
    },
    {
      title: 'a list that means nothing is refused, so that it can be given a meaning',
      text: `
        KVM_PROBE_VM_ATTR(&readonly, KVM_CREATE_VM_ATTR_IPA_SIZE)                              -> -EFAULT (bad pointer)
        KVM_PROBE_VM_ATTR(4) -> -ENXIO (unknown attribute)
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_IPA_SIZE, size = 24) -> -EINVAL (size of the attribute)
        KVM_PROBE_VM_ATTR(KVM_CREATE_VM_ATTR_IPA_SIZE, reserved = 1)                           -> -EINVAL (reserved)
        KVM_CREATE_VM2(&short(55))                                                             -> -EFAULT (bad pointer)
        KVM_CREATE_VM2(nr = 4)                                                                 -> -E2BIG (too many)
        KVM_CREATE_VM2(flags = 1)                                                              -> -EINVAL (flags)
        KVM_CREATE_VM2(nr = 1, attr[0].type = 4) -> -ENXIO (unknown attribute)
        KVM_CREATE_VM2(nr = 1, attr[0].type = 1, attr[0].size = 24) -> -EINVAL (size of the attribute)
        KVM_CREATE_VM2(nr = 1, attr[0].type = 1, attr[0].reserved = 1) -> -EINVAL (reserved)
        ${list(['IPA_SIZE', 36], ['IPA_SIZE', 36])}                                            -> -EINVAL (twice)`,
    },
  ],
  laws,
  compared: [
    {
      about: 'how userspace learns what the host supports',
      drafted: 'a probe gives the supported values back in the attribute that was passed',
      shipped: 'KVM_CHECK_EXTENSION, whose number is that limit: KVM_CAP_ARM_VM_IPA_SIZE and KVM_CAP_ARM_SVE',
      asks: `
        kvm: ioctl(0xc010ae1f)                       -> -EINVAL (unknown ioctl)
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok
        KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE)         -> ok`,
      because:
        'Userspace has to know what is supported to tune it, the largest size above all; with capabilities probing is '
        + 'straightforward and needs no new set of attributes.',
      source: 'Suzuki K Poulose, 2018-07-10 and 2018-07-11: probing becomes straight forward',
    },
    {
      about: 'a list of attributes at creation',
      drafted: 'KVM_CREATE_VM2 with attributes that have a type and a size, the same for every architecture',
      shipped: 'nothing of it: no kernel knows the number',
      asks: `kvm: ioctl(0x4038ae0f) -> -EINVAL (unknown ioctl)`,
      because: 'It could quickly become bloated, and whether arbitrarily complex negotiation is needed was doubted.',
      source:
        'Dave Martin, 2018-07-10: this could quickly become bloated. (My approach already feels a bit bloated...)',
    },
  ],
})
