/** KVM_ENABLE_CAP tells a VM what it shall be, one capability at a time, as long as nothing was made in it. */
import { changed, dialect } from '../model/dialect.ts'
import { enableCap, longest } from './parts/create-vm2/caps.ts'
import { lawsOfOne, one } from './parts/create-vm2/caps-laws.ts'
import { limitedBy } from './parts/create-vm2/vectors.ts'

export default dialect({
  name: 'create-vm2-2018-enable-cap',
  about: 'KVM_ENABLE_CAP gives a VM its size and its vector length, before it has a vcpu, memory or a device',
  mail: { date: '2018-07-10', from: 'Dave Martin' },
  ioctls: (shipped) =>
    changed(shipped, { ...limitedBy(longest, { hasAlways: true }), KVM_ENABLE_CAP: () => enableCap }),
  sequences: [
    {
      title: 'a VM is told what it shall be, and userspace may change its mind',
      text: `
        vm = KVM_CREATE_VM(0)                                   -> ok
        ${one('ARM_VM_IPA_SIZE', 48)}                           -> ok
        ${one('ARM_VM_IPA_SIZE', 36)}                           -> ok
        ${one('ARM_VM_IPA_SIZE', 53)}                           -> -EINVAL (IPA size)
        ${one('ARM_SVE', 256)}                                  -> ok
        KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xffffff000, memory_size = 0x1000)            -> ok
        KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)
        vm: KVM_CREATE_VCPU(0)                                  -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)           -> ok = 0x3
        vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x7)     -> -EINVAL (longer than those of the VM)`,
    },
    ...[
      ['a vcpu', 'KVM_CREATE_VCPU(0)'],
      ['memory', 'KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x1000)'],
      ['a device', 'KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)'],
    ].map(([what, call]) => ({
      title: `it is too late once it has ${what}`,
      says: 'Suzuki K Poulose: tracking that userspace follows the expected order made the first series too complex.',
      text: `
        vm = KVM_CREATE_VM(0)         -> ok
        ${one('ARM_VM_IPA_SIZE', 36)} -> ok
        vm: ${call}                   -> ok
        ${one('ARM_VM_IPA_SIZE', 40)} -> -EBUSY (too late)
        ${one('ARM_SVE', 256)}        -> -EBUSY (too late)`,
    })),
    {
      title: 'what means nothing is refused, so that it can be given a meaning',
      text: `
        vm = KVM_CREATE_VM(0)                                           -> ok
        vm: KVM_ENABLE_CAP(&short(103), cap = KVM_CAP_ARM_SVE)          -> -EFAULT (bad pointer)
        vm: KVM_ENABLE_CAP(cap = KVM_CAP_ONE_REG)                       -> -EINVAL (unknown capability)
        vm: KVM_ENABLE_CAP(cap = KVM_CAP_ARM_SVE, flags = 1)            -> -EINVAL (unknown argument)
        vm: KVM_ENABLE_CAP(cap = KVM_CAP_ARM_SVE, args[1] = 0x1)        -> -EINVAL (unknown argument)
        ${one('ARM_SVE', 100)}                                          -> -EINVAL (vector length)`,
    },
    {
      title: 'a VM cannot have what its host lacks',
      host: '6.12-cortex-a57-gicv3',
      text: `
        vm = KVM_CREATE_VM(0) -> ok
        ${one('ARM_SVE', 0)}  -> -EINVAL (no SVE)`,
    },
  ],
  laws: lawsOfOne,
  compared: [
    {
      about: 'KVM_ENABLE_CAP for what a VM is',
      drafted: 'an ioctl that is there is reused for flags of a VM, with arguments',
      shipped:
        'the size never became such a flag: it is told when the VM is made; on arm64 KVM_ENABLE_CAP came later, for other '
        + 'capabilities',
      asks: `
        KVM_ENABLE_CAP(KVM_CAP_ARM_VM_IPA_SIZE, args[0] = 40) -> -EINVAL (not to be enabled)
        KVM_ENABLE_CAP(KVM_CAP_ARM_SVE, args[0] = 256)        -> -EINVAL (not to be enabled)
        KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)              -> ok`,
      because:
        'Of per-VM ioctls the order has to be tracked, so that userspace follows it: the first series for the size did '
        + 'so, and was dropped for its complexity.',
      source: 'Suzuki K Poulose, 2018-07-11: the ordering of different operations and tracking',
    },
    {
      about: 'memory before the size is known',
      drafted: 'refused once there is memory, a vcpu or a device',
      shipped: 'cannot be: a VM has its size before anybody holds its descriptor',
      asks: `
        vm = KVM_CREATE_VM(36)                                                                                -> ok
        vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x1000000000, memory_size = 0x1000) -> -EFAULT (beyond the IPA size)`,
      because: 'The size is needed as soon as the VM is made, for the right checks on the memory slots.',
      source: 'Suzuki K Poulose, 2018-07-04: we need the size as soon as the VM is created',
    },
  ],
})
