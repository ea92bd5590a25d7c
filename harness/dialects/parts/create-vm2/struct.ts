/** KVM_CREATE_VM2 with a struct: its fields and its rules. */
import { badPointer } from '../../../model/bad-pointer.ts'
import { ipaLimit, offers } from '../../../model/host.ts'
import { assumed, ioctl, mail, type Refusal } from '../../../model/rule.ts'
import { anyNumber, count, flags64, u64, unsigned } from '../../../model/scalar.ts'
import { struct } from '../../../model/struct.ts'
import { addVm } from '../../../model/world.ts'
import { _IOW, features } from '../../../names/index.ts'
import { hasLength } from './vectors.ts'

export const said = (passage: string) => mail('2018-07-09 Marc Zyngier', passage)

const SVE_CAPABLE = 1n << 0n
const SELECT_IPA = 1n << 1n
const KNOWN = SVE_CAPABLE | SELECT_IPA
const SIZE = 128
/** Where the arm64 part of the union ends, and with it all that means something. */
const END = 19

const fields = {
  version: { of: u64('version', anyNumber(64, [0n])), unless: 0n },
  capabilities: {
    of: flags64(
      'capabilities',
      { KVM_ARM_SVE_CAPABLE: 0, KVM_ARM_SELECT_IPA: 1 },
      anyNumber(64, [0n, SVE_CAPABLE, SELECT_IPA, KNOWN]),
    ),
    unless: 0n,
  },
  sve_vlen: {
    of: count('sve_vlen', unsigned(16), anyNumber(16, [0n, 0n, 128n, 256n, 512n, 2048n]).map(Number)),
    unless: 0,
  },
  ipa_size: {
    of: count('ipa_size', unsigned(8), anyNumber(8, [0n, 0n, 31n, 32n, 36n, 40n, 48n, 52n, 53n]).map(Number)),
    unless: 0,
  },
  dummy: {
    of: u64('dummy', anyNumber((SIZE - END) * 8, [0n]), undefined, unsigned((SIZE - END) * 8)),
    unless: 0n,
  },
}
const takes = struct('kvm_create_vm2', fields, {
  layout: {
    size: SIZE,
    fields: {
      version: [0, 8],
      capabilities: [8, 8],
      sve_vlen: [16, 2],
      ipa_size: [18, 1],
      // The bytes of __u64 dummy[15] that the arm64 part of the union leaves free.
      dummy: [END, SIZE - END],
    },
  },
})
type CreateVm2 = Parameters<typeof takes.print>[0]

const wants = ({ capabilities }: CreateVm2, bit: bigint) => (capabilities & bit) !== 0n

/** The longest vectors of a VM that KVM_CREATE_VM2 made, in bits: 0 for none. */
export type Longest = number

const refuses: Refusal<CreateVm2>[] = [
  badPointer(takes, said('struct kvm_create_vm2')),
  {
    why: 'unknown version',
    says: 'There is one version of the struct, 0.',
    cite: said('__u64 version; /* Or maybe not */'),
    errno: 'EINVAL',
    when: (_, { version }) => version !== 0n,
  },
  {
    why: 'unknown capabilities',
    says: 'KVM_ARM_SVE_CAPABLE and KVM_ARM_SELECT_IPA are all there are.',
    cite: said('KVM_ARM_SVE_CAPABLE (1 << 0)'),
    errno: 'EINVAL',
    when: (_, { capabilities }) => (capabilities & ~KNOWN) !== 0n,
  },
  {
    why: 'unknown fields',
    says: 'What no field of arm64 is at is 0.',
    cite: assumed('what means nothing is refused, so that it can be given a meaning: __u64 dummy[15]'),
    errno: 'EINVAL',
    when: (_, { dummy }) => dummy !== 0n,
  },
  {
    why: 'no SVE',
    says: 'The host has SVE.',
    cite: assumed('a VM cannot have what its host lacks'),
    errno: 'EINVAL',
    when: ({ host }, arg) => wants(arg, SVE_CAPABLE) && !offers(host, features.KVM_ARM_VCPU_SVE),
    lacks: () => 'KVM_CAP_ARM_SVE = 0',
  },
  {
    why: 'vector length',
    says: 'sve_vlen is a vector length of the host in bits, or 0 for all of them; without KVM_ARM_SVE_CAPABLE it is 0.',
    cite: assumed('the field has 16 bits, and vectors have 128 to 2048'),
    errno: 'EINVAL',
    when: ({ host }, arg) => arg.sve_vlen !== 0 && !(wants(arg, SVE_CAPABLE) && hasLength(host, arg.sve_vlen)),
    lacks: (_, { sve_vlen }) => `no vectors of ${sve_vlen} bits`,
  },
  {
    why: 'IPA size',
    says: 'ipa_size is from 32 to the limit of the host, and 0 without KVM_ARM_SELECT_IPA.',
    cite: assumed('a VM can be as big as the host can make it'),
    errno: 'EINVAL',
    when: ({ host }, arg) =>
      wants(arg, SELECT_IPA) ? arg.ipa_size < 32 || arg.ipa_size > ipaLimit(host) : arg.ipa_size !== 0,
    lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}`,
  },
]

export const createVm2 = ioctl<CreateVm2>('KVM_CREATE_VM2', {
  // The mail gives no number; /dev/kvm knows none near this one.
  nr: _IOW(0xae, 0x0f, SIZE),
  on: ['kvm'],
  takes,
  makes: () => 'vm',
  mayMake: ({ version, capabilities, dummy, at }) =>
    version === 0n && (capabilities & ~KNOWN) === 0n && dummy === 0n && at === undefined,
  refuses,
  grants: {
    says: 'A VM that is what the struct says, of 40 bits where it selects no size.',
    cite: said('a clearly defined, structured (and potentially extensible) argument'),
    then(here, arg, into) {
      const size = wants(arg, SELECT_IPA) ? arg.ipa_size : 40
      const longest: Longest | undefined = wants(arg, SVE_CAPABLE) ? arg.sve_vlen || undefined : 0
      addVm(here, into, here.host.isProtected ? ipaLimit(here.host) : size).proposed = longest
    },
  },
})
