/** The half-created VM: it takes configuration and nothing else, until its creation is finished. */
import fc from 'fast-check'
import { badPointer } from '../model/bad-pointer.ts'
import { noArgument } from '../model/number-argument.ts'
import { struct } from '../model/struct.ts'
import { changed, dialect } from '../model/dialect.ts'
import { ipaLimit, offers } from '../model/host.ts'
import { assumed, ioctl, mail, type Ioctl, type Refusal } from '../model/rule.ts'
import { named, u64 } from '../model/scalar.ts'
import type { Here, Vm } from '../model/world.ts'
import { _IO, _IOW, features } from '../names/index.ts'

const said = (passage: string) => mail('2018-07-11 Dave Martin', passage)

/** What a VM can be told before it is finished, as the `type` of the attributes that the same thread draws. */
const settings = { KVM_VM_IPA_SIZE: 1, KVM_VM_SVE_VLEN: 2 }
const { KVM_VM_IPA_SIZE: IPA_SIZE, KVM_VM_SVE_VLEN: SVE_VLEN } = settings

interface HalfCreated {
  isFinished: boolean
}
const halfOf = ({ vm }: Here): HalfCreated | undefined => vm?.proposed as HalfCreated | undefined
const isHalf = (here: Here): boolean => halfOf(here)?.isFinished === false

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
    then: ({ world, host }, _, into) => {
      const proposed: HalfCreated = { isFinished: false }
      const vm: Vm = {
        name: into,
        ipa: 40,
        dead: false,
        hasRun: false,
        vcpus: [],
        memslots: [],
        idRegs: new Map(),
        proposed,
      }
      world.descriptors.set(into, { world, host, kind: 'vm', vm } as never)
    },
  },
})

const takes = struct(
  'kvm_vm_setting',
  {
    type: { of: named('type', settings, fc.constantFrom(IPA_SIZE, IPA_SIZE, SVE_VLEN, 0, 3)), bare: true },
    value: { of: u64('value', fc.constantFrom(0n, 31n, 32n, 40n, 48n, 53n, 128n, 256n, 100n)), bare: true },
  },
  { layout: { size: 16, fields: { type: [0, 4], value: [8, 8] } } },
)
type Setting = Parameters<typeof takes.print>[0]

const configure = ioctl<Setting>('KVM_CONFIGURE_VM', {
  nr: _IOW(0xae, 0x5a, 16),
  on: ['vm'],
  takes,
  refuses: [
    {
      why: 'too late',
      says: 'A VM is configured before its creation is finished; one that KVM_CREATE_VM made is finished.',
      cite: said('a "finish creation" ioctl that finalises everything'),
      errno: 'EPERM',
      when: (here) => !isHalf(here),
    },
    badPointer(takes, assumed('it holds a type and a value')),
    {
      why: 'unknown setting',
      says: 'A VM has a size of guest physical addresses and a vector length.',
      cite: said('a bunch of per-VM ioctls to configure different things'),
      errno: 'EINVAL',
      when: (_, { type }) => type !== IPA_SIZE && type !== SVE_VLEN,
    },
    {
      why: 'IPA size',
      says: 'The size is from 32 bits to the limit of the host.',
      cite: assumed('what a size can be shipped so'),
      errno: 'EINVAL',
      of: { setting: 'KVM_VM_IPA_SIZE' },
      when: ({ host }, { type, value }) => type === IPA_SIZE && (value < 32n || value > BigInt(ipaLimit(host))),
    },
    {
      why: 'no SVE',
      says: 'The host has SVE.',
      cite: assumed('a VM cannot have what its host lacks'),
      errno: 'EINVAL',
      of: { setting: 'KVM_VM_SVE_VLEN' },
      when: ({ host }, { type }) => type === SVE_VLEN && !offers(host, features.KVM_ARM_VCPU_SVE),
      lacks: () => 'KVM_CAP_ARM_SVE = 0',
    },
    {
      why: 'vector length',
      says: 'The length is a multiple of 128 bits, 2048 at most.',
      cite: assumed('the architecture has vectors of 128 to 2048 bits'),
      errno: 'EINVAL',
      of: { setting: 'KVM_VM_SVE_VLEN' },
      when: (_, { type, value }) => type === SVE_VLEN && (value === 0n || value % 128n !== 0n || value > 2048n),
    },
  ],
  grants: {
    says: 'The VM will be so. Userspace may change its mind: what is set last holds.',
    cite: said('userspace might want to change its mind if setting a particular property fails'),
    then: ({ vm }, { type, value }) => {
      if (type === IPA_SIZE) vm.ipa = Number(value)
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
