/** KVM_CREATE_VM2 with a list of attributes, and the probe: their rules. */
import { badPointer } from '../../../model/bad-pointer.ts'
import { ipaLimit, offers, type Host } from '../../../model/host.ts'
import { assumed, ioctl, mail, type Refusal } from '../../../model/rule.ts'
import { addVm } from '../../../model/world.ts'
import { _IOW, _IOWR, features } from '../../../names/index.ts'
import {
  CAPABILITIES,
  IPA_SIZE,
  layout,
  listed,
  MOST,
  SIZE,
  SVE_CAPABLE,
  SVE_VLEN,
  takes,
  toProbe,
  valueOf,
  type Attribute,
  type CreateVm2,
  type Probe,
} from './attributes-args.ts'
import { mayBeList, rowsOfList } from './list.ts'
import { hasLength, longestOf } from './vectors.ts'

const martin = (passage: string) => mail('2018-07-09 Dave Martin', passage)
export const poulose = (passage: string) => mail('2018-07-10 Suzuki K Poulose', passage)

/** What the host supports of an attribute, a mask or the largest value; undefined for one that nobody knows. */
const supported = (host: Host, of: number): bigint | undefined =>
  of === CAPABILITIES
    ? BigInt(offers(host, features.KVM_ARM_VCPU_SVE))
    : of === IPA_SIZE
      ? BigInt(ipaLimit(host))
      : of === SVE_VLEN
        ? BigInt(longestOf(host))
        : undefined

const unknown = (attributes: (arg: any) => readonly Omit<Attribute, 'value'>[]) =>
  [
    {
      why: 'unknown attribute',
      says: 'There are attributes for the capabilities, the size and the vector length.',
      cite: martin('#define KVM_CREATE_VM_ATTR_ARCH_CAPABILITIES 1'),
      errno: 'ENXIO',
      when: ({ host }, arg) => attributes(arg).some((a) => supported(host, a.type) === undefined),
    },
    {
      why: 'size of the attribute',
      says: 'An attribute has 16 bytes, its header included.',
      cite: martin('__u16 size; /* support future expansion of capabilities[] */'),
      errno: 'EINVAL',
      when: (_, arg) => attributes(arg).some((a) => a.size !== SIZE),
    },
    {
      why: 'reserved',
      says: 'The field that is reserved is 0.',
      cite: martin('__u16 reserved;'),
      errno: 'EINVAL',
      when: (_, arg) => attributes(arg).some((a) => a.reserved !== 0),
    },
  ] satisfies Refusal<any>[]

export const probe = ioctl<Probe>('KVM_PROBE_VM_ATTR', {
  // The mail gives no number; /dev/kvm knows none near this one.
  nr: _IOWR(0xae, 0x1f, SIZE),
  on: ['kvm'],
  takes: toProbe,
  refuses: [badPointer(toProbe, martin('struct kvm_create_vm_attr_any')), ...unknown((arg: Probe) => [arg])],
  grants: {
    says: 'What the host supports: a mask of capabilities, or the largest value.',
    cite: poulose('unless we return the supported values back in the argument ptr for the "probe" call'),
    gives: ({ host }, arg) => supported(host, arg.type)!,
  },
})

export const createVm2 = ioctl<CreateVm2>('KVM_CREATE_VM2', {
  nr: _IOW(0xae, 0x0f, layout.size),
  on: ['kvm'],
  takes,
  makes: () => 'vm',
  mayMake: mayBeList(MOST),
  refuses: [
    badPointer(takes, assumed('the list is in the struct, behind the number of its attributes')),
    ...rowsOfList<CreateVm2>(
      {
        most: MOST,
        tooMany: { says: 'The list has an attribute of each type at most.', cite: assumed('there are three types') },
        twice: 'An attribute stands in the list once.',
        keysOf: (arg) => listed(arg).map(({ type }) => type),
      },
      unknown(listed),
    ),
    {
      why: 'unsupported capability',
      says: 'The capabilities are among those that the host supports.',
      cite: poulose('We also need to advertise which attributes are supported by the host'),
      errno: 'EINVAL',
      when: ({ host }, arg) => ((valueOf(arg, CAPABILITIES) ?? 0n) & ~supported(host, CAPABILITIES)!) !== 0n,
      lacks: () => 'KVM_CAP_ARM_SVE = 0',
    },
    {
      why: 'IPA size',
      says: 'The size is from 32 to what the probe gives.',
      cite: poulose('maximum limit for IPA'),
      errno: 'EINVAL',
      when({ host }, arg) {
        const bits = valueOf(arg, IPA_SIZE)
        return bits !== undefined && (bits < 32n || bits > BigInt(ipaLimit(host)))
      },
      lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}`,
    },
    {
      why: 'vector length',
      says: 'The length is one of the host in bits, up to what the probe gives, of a VM with the capability for it.',
      cite: assumed('a VM cannot have what its host lacks'),
      errno: 'EINVAL',
      when({ host }, arg) {
        const length = valueOf(arg, SVE_VLEN)
        return (
          length !== undefined
          && !(((valueOf(arg, CAPABILITIES) ?? 0n) & SVE_CAPABLE) !== 0n && hasLength(host, Number(length)))
        )
      },
      lacks: (_, arg) => `no vectors of ${valueOf(arg, SVE_VLEN)} bits`,
    },
  ],
  grants: {
    says: 'A VM that is what the list says, and of 40 bits and without SVE where it says nothing.',
    cite: martin('would it make sense to go for a more generic approach'),
    then(here, arg, into) {
      const bits = here.host.isProtected ? ipaLimit(here.host) : Number(valueOf(arg, IPA_SIZE) ?? 40n)
      const isCapable = ((valueOf(arg, CAPABILITIES) ?? 0n) & SVE_CAPABLE) !== 0n
      const length = valueOf(arg, SVE_VLEN)
      addVm(here, into, bits).proposed = isCapable ? length && Number(length) : 0
    },
  },
})
