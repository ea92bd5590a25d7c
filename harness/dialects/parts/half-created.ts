/** A half-created VM, and the one ioctl that it takes. */
import fc from 'fast-check'
import { badPointer } from '../../model/bad-pointer.ts'
import { ipaLimit, offers } from '../../model/host.ts'
import { assumed, ioctl, mail } from '../../model/rule.ts'
import { named, u64 } from '../../model/scalar.ts'
import { struct } from '../../model/struct.ts'
import type { Here } from '../../model/world.ts'
import { _IOW, features } from '../../names/index.ts'

/** The mail in which it was thought of, and a passage. */
export const said = (passage: string) => mail('2018-07-11 Dave Martin', passage)

/** What a VM can be told before it is finished, as the `type` of the attributes that the same thread draws. */
const settings = { KVM_VM_IPA_SIZE: 1, KVM_VM_SVE_VLEN: 2 }
const { KVM_VM_IPA_SIZE: IPA_SIZE, KVM_VM_SVE_VLEN: SVE_VLEN } = settings

export interface HalfCreated {
  isFinished: boolean
}
/** What the VM of a call is as long as nobody has finished it; absent for one that KVM_CREATE_VM made. */
export const halfOf = ({ vm }: Here): HalfCreated | undefined => vm?.proposed as HalfCreated | undefined
export const isHalf = (here: Here): boolean => halfOf(here)?.isFinished === false

const takes = struct(
  'kvm_vm_setting',
  {
    type: { of: named('type', settings, fc.constantFrom(IPA_SIZE, IPA_SIZE, SVE_VLEN, 0, 3)), bare: true },
    value: { of: u64('value', fc.constantFrom(0n, 31n, 32n, 40n, 48n, 53n, 128n, 256n, 100n)), bare: true },
  },
  { layout: { size: 16, fields: { type: [0, 4], value: [8, 8] } } },
)
type Setting = Parameters<typeof takes.print>[0]

/** Tells a half-created VM what it shall be. */
export const configure = ioctl<Setting>('KVM_CONFIGURE_VM', {
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
