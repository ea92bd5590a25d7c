/** The half-created VM: it takes configuration and nothing else, until its creation is finished. */
import { noArgument } from '../model/number-argument.ts'
import { changed, dialect } from '../model/dialect.ts'
import { assumed, ioctl, type Ioctl, type Refusal } from '../model/rule.ts'
import { addVm } from '../model/world.ts'
import { _IO } from '../names/index.ts'
import { configure, halfOf, isHalf, said, type HalfCreated } from './parts/half-created.ts'

const create = ioctl('KVM_CREATE_VM2', {
  nr: _IO(0xae, 0x0f),
  on: ['kvm'],
  takes: noArgument,
  makes: () => 'vm',
  refuses: [
    {
      why: 'unknown type',
      says: 'The argument is 0: all that a VM is told comes later.',
      cite: assumed('what means nothing is refused, so that it can be given a meaning'),
      errno: 'EINVAL',
      when: (_, type) => type !== 0n,
    },
  ],
  grants: {
    says: 'A half-created VM.',
    cite: said('we create a half-created VM that only accepts configuration ioctls'),
    then: (here, _, into) => {
      const half: HalfCreated = { isFinished: false }
      addVm(here, into, 40).proposed = half
    },
  },
})

const finish = ioctl('KVM_FINISH_VM', {
  nr: _IO(0xae, 0x5b),
  on: ['vm'],
  takes: noArgument,
  refuses: [
    {
      why: 'too late',
      says: 'Creation is finished once.',
      cite: said('a "finish creation" ioctl that finalises everything'),
      errno: 'EPERM',
      when: (here) => !isHalf(here),
    },
  ],
  grants: {
    says: 'From here on the VM takes everything but configuration.',
    cite: said("before you're allowed to create devices, vcpus etc"),
    then: (here) => {
      halfOf(here)!.isFinished = true
    },
  },
})

const tooEarly: Refusal<unknown> = {
  why: 'too early',
  says: 'A half-created VM takes configuration only.',
  cite: said('a half-created VM that only accepts configuration ioctls'),
  errno: 'EPERM',
  when: (here) => here.kind === 'vm' && isHalf(here),
}

const afterwards = (ioctl: Ioctl): Ioctl =>
  ioctl.on.includes('vm') ? { ...ioctl, refuses: [tooEarly, ...ioctl.refuses] } : ioctl

export default dialect({
  name: 'create-vm2-2018-half',
  about: 'A VM is half-created at first: configuration before, everything else after, nothing in between',
  mail: {
    date: '2018-07-11',
    from: 'Dave Martin',
    subject: 'Re: KVM: arm64: SVE and the IPA size when a VM is created',
  },
  ioctls: (shipped) => changed(shipped.map(afterwards), {}, [create, configure, finish]),
  sequences: [
    {
      title: 'configuration before, everything else after',
      text: `
        vm = KVM_CREATE_VM2                              -> ok
        KVM_CREATE_VCPU(0)                               -> -EPERM (too early)
        KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 48)            -> ok
        KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)      -> -EPERM (too early)
        KVM_SET_USER_MEMORY_REGION(memory_size = 0x1000) -> -EPERM (too early)
        vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE)         -> -EPERM (too early)
        vm: KVM_CREATE_IRQCHIP                           -> -EPERM (too early)
        vm: KVM_ARM_SET_DEVICE_ADDR(0, 0x8000000)        -> -EPERM (too early)
        vm: KVM_ARM_PREFERRED_TARGET                     -> -EPERM (too early)
        vm: KVM_SET_DEVICE_ATTR(5, 0, &0x0)              -> -EPERM (too early)
        vm: KVM_HAS_DEVICE_ATTR(5, 0)                    -> -EPERM (too early)
        vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1) -> -EPERM (too early)
        KVM_FINISH_VM                                    -> ok
        KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 40)            -> -EPERM (too late)
        KVM_FINISH_VM                                    -> -EPERM (too late)
        KVM_CREATE_VCPU(0)                               -> ok`,
    },
    {
      title: 'a setting that fails leaves the one before',
      text: `
        vm = KVM_CREATE_VM2                   -> ok
        KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 36) -> ok
        KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 53) -> -EINVAL (IPA size)
        KVM_FINISH_VM                         -> ok
        KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0xfffff0000, memory_size = 0x10000) -> ok
        KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000000000, memory_size = 0x10000) -> -EFAULT (beyond the IPA size)`,
    },
    {
      title: 'what means nothing is refused, so that it can be given a meaning',
      text: `
        KVM_CREATE_VM2(1)                             -> -EINVAL (unknown type)
        vm = KVM_CREATE_VM2                           -> ok
        KVM_CONFIGURE_VM(&short(15), KVM_VM_IPA_SIZE) -> -EFAULT (bad pointer)
        KVM_CONFIGURE_VM(3, 0)                        -> -EINVAL (unknown setting)
        KVM_CONFIGURE_VM(KVM_VM_SVE_VLEN, 100)        -> -EINVAL (vector length)
        KVM_CONFIGURE_VM(KVM_VM_SVE_VLEN, 256)        -> ok`,
    },
    {
      title: 'a VM cannot have what its host lacks',
      host: '6.12-cortex-a57-gicv3',
      text: `
        vm = KVM_CREATE_VM2                    -> ok
        KVM_CONFIGURE_VM(KVM_VM_SVE_VLEN, 256) -> -EINVAL (no SVE)
        KVM_FINISH_VM                          -> ok`,
    },
    {
      title: 'KVM_CREATE_VM makes VMs that are whole, as ever',
      text: `
        KVM_CREATE_VM(0)                      -> ok
        KVM_CONFIGURE_VM(KVM_VM_IPA_SIZE, 40) -> -EPERM (too late)
        KVM_FINISH_VM                         -> -EPERM (too late)
        KVM_CREATE_VCPU(0)                    -> ok`,
    },
  ],
  compared: [],
})
