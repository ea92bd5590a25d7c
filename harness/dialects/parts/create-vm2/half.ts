/** The half-created VM: how it is made, what it takes, and how its creation is finished. */
import { badPointer } from '../../../model/bad-pointer.ts'
import type { Codec } from '../../../model/codec.ts'
import { ipaLimit } from '../../../model/host.ts'
import { noArgument } from '../../../model/number-argument.ts'
import { assumed, ioctl, mail, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { anyNumber, named, u64 } from '../../../model/scalar.ts'
import { struct } from '../../../model/struct.ts'
import { addVm, type Here } from '../../../model/world.ts'
import type { Vm } from '../../../model/vm.ts'
import { _IO, _IOW } from '../../../names/index.ts'
import { hasLength } from './vectors.ts'

/** The mail in which it was thought of, and a passage. */
export const said = (passage: string) => mail('2018-07-11 Dave Martin', passage)
/** The mail before it, of the same author. */
const before = (passage: string) => mail('2018-07-10 Dave Martin', passage)

/** What a VM can be told before it is finished, as the `type` of the attributes that the same thread draws. */
const settings = { KVM_VM_IPA_SIZE: 1, KVM_VM_SVE_VLEN: 2 }
const { KVM_VM_IPA_SIZE: IPA_SIZE, KVM_VM_SVE_VLEN: SVE_VLEN } = settings

interface HalfCreated {
  isFinished: boolean
  /** The longest vectors of its vcpus in bits, 0 for none; undefined where nothing was said of them. */
  longest?: number
}
const halfOf = (vm: Vm | undefined) => vm?.proposed as HalfCreated | undefined
const isHalf = ({ vm }: Here): boolean => halfOf(vm)?.isFinished === false

export const longest = (vm: Vm): number | undefined => halfOf(vm)?.longest

const anyArgument: Codec<bigint> = { ...noArgument, any: () => anyNumber(64, [0n, 0n, 0n, 1n]) }

export const createVm2 = ioctl('KVM_CREATE_VM2', {
  // The mail gives no numbers; no descriptor knows any near these.
  nr: _IO(0xae, 0x0f),
  on: ['kvm'],
  takes: anyArgument,
  makes: () => 'vm',
  mayMake: (type) => type === 0n,
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
    says: 'A half-created VM, of 40 bits where it is told nothing else.',
    cite: said('we create a half-created VM that only accepts configuration ioctls'),
    then: (here, _, into) => {
      const half: HalfCreated = { isFinished: false }
      addVm(here, into, here.host.isProtected ? ipaLimit(here.host) : 40).proposed = half
    },
  },
})

const takes = struct(
  'kvm_vm_setting',
  {
    type: { of: named('type', settings, anyNumber(32, [1n, 1n, 1n, 2n, 2n, 0n, 3n]).map(Number)), bare: true },
    value: { of: u64('value', anyNumber(64, [0n, 31n, 32n, 36n, 40n, 48n, 52n, 53n, 128n, 256n]), String), bare: true },
  },
  { layout: { size: 16, fields: { type: [0, 4], value: [8, 8] } } },
)
type Setting = Parameters<typeof takes.print>[0]

/** Tells a half-created VM what it shall be. */
export const configure = ioctl<Setting>('KVM_CONFIGURE_VM', {
  nr: _IOW(0xae, 0x5a, 16),
  on: ['vm'],
  takes,
  weight: 5,
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
      cite: before('a bunch of per-VM ioctls to configure different things'),
      errno: 'EINVAL',
      when: (_, { type }) => type !== IPA_SIZE && type !== SVE_VLEN,
    },
    {
      why: 'IPA size',
      says: 'The size is from 32 bits to the limit of the host.',
      cite: assumed('a VM can be as big as the host can make it'),
      errno: 'EINVAL',
      of: { setting: 'KVM_VM_IPA_SIZE' },
      when: ({ host }, { type, value }) => type === IPA_SIZE && (value < 32n || value > BigInt(ipaLimit(host))),
      lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}`,
    },
    {
      why: 'vector length',
      says: 'The length is one of the host in bits, or 0 for vcpus without SVE.',
      cite: assumed('a VM cannot have what its host lacks'),
      errno: 'EINVAL',
      of: { setting: 'KVM_VM_SVE_VLEN' },
      when: ({ host }, { type, value }) => type === SVE_VLEN && value !== 0n && !hasLength(host, Number(value)),
      lacks: (_, { value }) => `no vectors of ${value} bits`,
    },
  ],
  grants: {
    says: 'The VM will be so. What is set last holds.',
    cite: before('userspace might want to change its mind if setting a particular propertiy fails'),
    then: ({ vm, host }, { type, value }) => {
      if (type === SVE_VLEN) halfOf(vm)!.longest = Number(value)
      else if (!host.isProtected) vm.ipa = Number(value)
    },
  },
})

export const finish = ioctl('KVM_FINISH_VM', {
  nr: _IO(0xae, 0x5b),
  on: ['vm'],
  takes: anyArgument,
  weight: 5,
  refuses: [
    {
      why: 'too late',
      says: 'Creation is finished once.',
      cite: said('a "finish creation" ioctl that finalises everything'),
      errno: 'EPERM',
      when: (here) => !isHalf(here),
    },
    {
      why: 'argument',
      says: 'It takes no argument.',
      cite: assumed('what means nothing is refused, so that it can be given a meaning'),
      errno: 'EINVAL',
      when: (_, arg) => arg !== 0n,
    },
  ],
  grants: {
    says: 'From here on the VM takes everything but configuration.',
    cite: said("before you're allowed to create devices, vcpus etc"),
    then: ({ vm }) => {
      halfOf(vm)!.isFinished = true
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

/** The same ioctl, which a half-created VM does not take; close(2), which is none, it takes as ever. */
export const afterwards = (ioctl: Ioctl): Ioctl =>
  ioctl.nr !== undefined && ioctl.on.includes('vm') ? { ...ioctl, refuses: [tooEarly, ...ioctl.refuses] } : ioctl
