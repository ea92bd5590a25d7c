/** KVM_CREATE_VM2: one struct with a field for everything that a VM of arm64 has to be told when it is made. */
import fc from 'fast-check'
import { badPointer } from '../model/bad-pointer.ts'
import { struct } from '../model/struct.ts'
import { changed, dialect } from '../model/dialect.ts'
import { ipaLimit, offers } from '../model/host.ts'
import { assumed, ioctl, mail, type Refusal } from '../model/rule.ts'
import { count, flags, u64, unsigned } from '../model/scalar.ts'
import { _IOW, features } from '../names/index.ts'
import { addVm } from '../model/world.ts'

const said = (passage: string) => mail('2018-07-09 Marc Zyngier', passage)

const SVE_CAPABLE = 1 << 0
const SELECT_IPA = 1 << 1
const KNOWN = SVE_CAPABLE | SELECT_IPA
const SIZE = 128

const fields = {
  version: { of: u64('version', fc.constantFrom(0n, 0n, 0n, 1n)), unless: 0n },
  capabilities: {
    of: flags(
      'capabilities',
      { KVM_ARM_SVE_CAPABLE: 0, KVM_ARM_SELECT_IPA: 1 },
      fc.oneof(
        { arbitrary: fc.integer({ min: 0, max: KNOWN }), weight: 9 },
        { arbitrary: fc.integer({ min: 2, max: 31 }).map((bit) => (1 << bit) >>> 0), weight: 1 },
      ),
    ),
    unless: 0,
  },
  sve_vlen: { of: count('sve_vlen', unsigned(16), fc.constantFrom(0, 0, 128, 256, 100, 2048, 4096)), unless: 0 },
  ipa_size: { of: count('ipa_size', unsigned(8), fc.constantFrom(0, 0, 31, 32, 40, 48, 52, 255)), unless: 0 },
}
const takes = struct('kvm_create_vm2', fields, {
  layout: {
    size: SIZE,
    fields: { version: [0, 8], capabilities: [8, 8], sve_vlen: [16, 2], ipa_size: [18, 1] },
  },
})
type CreateVm2 = Parameters<typeof takes.print>[0]

const wants = ({ capabilities }: CreateVm2, bit: number) => (capabilities & bit) !== 0

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
    when: (_, { capabilities }) => (capabilities & ~KNOWN) !== 0,
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
    says: 'sve_vlen is a multiple of 128 bits, 2048 at most, and 0 without KVM_ARM_SVE_CAPABLE.',
    cite: assumed('the field has 16 bits, and the architecture vectors of 128 to 2048'),
    errno: 'EINVAL',
    when: (_, arg) =>
      arg.sve_vlen % 128 !== 0 || arg.sve_vlen > 2048 || (arg.sve_vlen !== 0 && !wants(arg, SVE_CAPABLE)),
  },
  {
    why: 'IPA size',
    says: 'ipa_size is from 32 to the limit of the host, and 0 without KVM_ARM_SELECT_IPA.',
    cite: assumed('what a size can be shipped so'),
    errno: 'EINVAL',
    when: ({ host }, arg) =>
      wants(arg, SELECT_IPA) ? arg.ipa_size < 32 || arg.ipa_size > ipaLimit(host) : arg.ipa_size !== 0,
  },
]

const createVm2 = ioctl<CreateVm2>('KVM_CREATE_VM2', {
  // The mail gives no number; /dev/kvm knows none near this one.
  nr: _IOW(0xae, 0x0f, SIZE),
  on: ['kvm'],
  takes,
  makes: () => 'vm',
  refuses,
  grants: {
    says: 'A VM that is what the struct says, and like that of KVM_CREATE_VM(0) where it says nothing.',
    cite: said('a clearly defined, structured (and potentially extensible) argument'),
    then: (here, arg, into) => {
      addVm(here, into, wants(arg, SELECT_IPA) ? arg.ipa_size : 40)
    },
  },
})

export default dialect({
  name: 'create-vm2-2018',
  about: 'KVM_CREATE_VM2 takes a struct with capabilities, sve_vlen and ipa_size',
  mail: {
    date: '2018-07-09',
    from: 'Marc Zyngier',
    subject: 'Re: KVM: arm64: SVE and the IPA size when a VM is created',
  },
  ioctls: (shipped) => changed(shipped, {}, [createVm2]),
  sequences: [
    {
      title: 'a struct of zeros is KVM_CREATE_VM(0)',
      text: `
        vm = KVM_CREATE_VM2()           -> ok
        vm: KVM_CREATE_VCPU(0)          -> ok`,
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
      title: 'a vector length is one that the architecture has, of a VM that can have vectors',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 256)  -> ok
        vm1 = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 100) -> -EINVAL (vector length)
        vm1 = KVM_CREATE_VM2(sve_vlen = 256)                                     -> -EINVAL (vector length)`,
    },
    {
      title: 'a VM cannot have what its host lacks',
      host: '6.12-cortex-a57-gicv3',
      text: `
        vm = KVM_CREATE_VM2(capabilities = KVM_ARM_SVE_CAPABLE, sve_vlen = 256) -> -EINVAL (no SVE)`,
    },
    {
      title: 'what the struct does not know yet is refused, so that it can be given a meaning',
      text: `
        vm = KVM_CREATE_VM2(version = 1)                 -> -EINVAL (unknown version)
        vm = KVM_CREATE_VM2(capabilities = 1 << 2)       -> -EINVAL (unknown capabilities)
        vm = KVM_CREATE_VM2(&short(127))                 -> -EFAULT (bad pointer)`,
    },
  ],
  compared: [
    {
      about: 'how a VM is told what it shall be',
      drafted: 'a struct with a field for each property, at creation',
      shipped: 'KVM_CREATE_VM, whose type has the IPA size in bits 7 to 0; SVE is a feature of each vcpu',
      asks: `kvm: ioctl(0x4080ae0f) -> -EINVAL (unknown ioctl)`,
      because:
        'Another field for everything that comes would get messy, and what the host can do has to be told as well.',
      source: 'Dave Martin, 2018-07-09: it may still get messy when we add additional fields',
    },
  ],
})
