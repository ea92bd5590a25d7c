/** KVM_CREATE_VM2: one struct with a field for everything that a VM of arm64 has to be told when it is made. */
import { changed, dialect } from '../model/dialect.ts'
import { createVm2, type Longest } from './parts/create-vm2/struct.ts'
import { laws } from './parts/create-vm2/struct-laws.ts'
import { limitedBy } from './parts/create-vm2/vectors.ts'

export default dialect({
  name: 'create-vm2-2018',
  about: 'KVM_CREATE_VM2 takes a struct with capabilities, sve_vlen and ipa_size',
  mail: { date: '2018-07-09', from: 'Marc Zyngier' },
  ioctls: (shipped) =>
    changed(
      shipped,
      limitedBy(({ proposed }) => proposed as Longest | undefined),
      [createVm2],
    ),
  sequences: [
    {
      title: 'a struct of zeros makes a VM of 40 bits whose vcpus have no SVE',
      text: `
        vm = KVM_CREATE_VM2()                                   -> ok
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffffff000, memory_size = 0x1000)              -> ok
        vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> -EINVAL (VM without SVE)
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                -> ok`,
    },
    {
      title: 'a size needs its capability, and the capability a size',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SELECT_IPA, ipa_size = 36)  -> ok
        vm1 = KVM_CREATE_VM2(ipa_size = 36)                                    -> -EINVAL (IPA size)
        vm1 = KVM_CREATE_VM2(capabilities = KVM_ARM_SELECT_IPA)                -> -EINVAL (IPA size)
        vm1 = KVM_CREATE_VM2(capabilities = KVM_ARM_SELECT_IPA, ipa_size = 53) -> -EINVAL (IPA size)`,
    },
    {
      title: 'a vector length is one that the host has, of a VM that can have vectors',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 256)  -> ok
        vm1 = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 100) -> -EINVAL (vector length)
        vm1 = KVM_CREATE_VM2(sve_vlen = 256)                                     -> -EINVAL (vector length)`,
    },
    {
      title: 'vcpus have the vectors of their VM, or shorter ones',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 256) -> ok
        vm: KVM_CREATE_VCPU(0)                                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)                 -> ok
        vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)                           -> ok = 0x3
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x7)                     -> -EINVAL (longer than those of the VM)
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)                     -> ok`,
    },
    {
      title: 'a VM cannot have what its host lacks',
      host: '6.12-cortex-a57-gicv3',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE) -> -EINVAL (no SVE)`,
    },
    {
      title: 'what the struct does not know yet is refused, so that it can be given a meaning',
      text: `
        vm = KVM_CREATE_VM2(version = 1)           -> -EINVAL (unknown version)
        vm = KVM_CREATE_VM2(capabilities = 1 << 2) -> -EINVAL (unknown capabilities)
        vm = KVM_CREATE_VM2(dummy = 1)             -> -EINVAL (unknown fields)
        vm = KVM_CREATE_VM2(dummy = 1 << 871)      -> -EINVAL (unknown fields)
        vm = KVM_CREATE_VM2(&short(127))           -> -EFAULT (bad pointer)`,
    },
  ],
  laws,
  compared: [
    {
      about: 'how a VM is told what it shall be',
      drafted: 'KVM_CREATE_VM2 on /dev/kvm, with a struct that has a field for each property',
      shipped: 'KVM_CREATE_VM, whose type has the IPA size in bits 7 to 0; no kernel knows KVM_CREATE_VM2',
      asks: `
        kvm: ioctl(0x4080ae0f)    -> -EINVAL (unknown ioctl)
        kvm: ioctl(0x4080ae0f, 1) -> -EINVAL (unknown ioctl)`,
      because:
        'Another field for everything that comes would get messy, and what the host can do has to be told as well.',
      source: 'Dave Martin, 2018-07-09: it may still get messy when we add additional fields',
    },
    {
      about: 'an argument of few bits',
      drafted: 'the type of KVM_CREATE_VM is left alone, and all that is new goes into the struct',
      shipped: 'the type of KVM_CREATE_VM has the size in bits 7 to 0; every other bit that means nothing is refused',
      asks: `
        KVM_CREATE_VM(0x100)   -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(1 << 30) -> -EINVAL (unknown type bits)
        KVM_CREATE_VM(1 << 63) -> -EINVAL (unknown type bits)`,
      because:
        'Arguments in a few bits of the type are awkward and may be regretted once the bits run out, which was found a '
        + 'convincing argument; the bits were taken nevertheless.',
      source: 'Dave Martin, 2018-07-09: Wedging arguments into a few bits in the type argument feels awkward',
    },
    {
      about: 'whose property SVE is',
      drafted: 'of the VM: KVM_ARM_SVE_CAPABLE and sve_vlen when it is made',
      shipped: 'of each vcpu: a feature of KVM_ARM_VCPU_INIT, and KVM_REG_ARM64_SVE_VLS until it is finalized',
      asks: `
        vm = KVM_CREATE_VM(0)                                   -> ok
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
        vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok`,
      because:
        'A phase of configuration that a second call ends was already being made for SVE, for vcpus and not for VMs.',
      source: 'Dave Martin, 2018-07-11: This is the sort of thing I was moving torwards for SVE (but for vcpus there)',
    },
  ],
})
