/** Numbers that choose what a call is about: all of their bits count. */
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import type { Host } from '../../harness/model/host.ts'
import { deviceTypes, mpStates } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { models } from './gic-registers.ts'

interface Chosen {
  before?: readonly string[]
  /** A call whose number is known, and which has so many bits. */
  known: bigint
  bits: number
  /** The first bit that makes it unknown. */
  from: number
  call(number: bigint): string
  answer: string
  isOffered?(host: Host): boolean
}

const INIT = 'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok'
const has = (on: string, group: bigint | string, attr: bigint | string) =>
  `${on}: KVM_HAS_DEVICE_ATTR(${group}, ${attr})`
const hasGic = (host: Host): boolean => models(host).length > 0

const chosen = (host: Host): Chosen[] => [
  {
    before: ['vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok'],
    known: 4n,
    bits: 32,
    from: 0,
    call: (n) => `vcpu0: KVM_ARM_VCPU_FINALIZE(${BigInt.asIntN(32, n)})`,
    answer: '-EINVAL',
    isOffered: ({ features }) => features.includes('KVM_ARM_VCPU_SVE'),
  },
  // The states that are known differ in the lowest four bits.
  ...Object.values(mpStates).map((state): Chosen => ({
    known: BigInt(state),
    bits: 32,
    from: 4,
    call: (n) => `vcpu0: KVM_SET_MP_STATE(${n})`,
    answer: '-EINVAL',
  })),
  ...Object.values(deviceTypes).map((type): Chosen => ({
    known: BigInt(type),
    bits: 32,
    from: 5,
    call: (n) => `vm: KVM_CREATE_DEVICE(${n})`,
    answer: '-ENODEV',
  })),
  ...[168n, 177n, 182n].flatMap((cap): Chosen[] => [
    { known: cap, bits: 32, from: 10, call: (n) => `vm: KVM_ENABLE_CAP(${n})`, answer: '-EINVAL' },
    {
      known: cap,
      bits: 64,
      from: 10,
      call: (n) => `vm: KVM_CHECK_EXTENSION(${BigInt.asIntN(64, n)})`,
      answer: 'ok = 0',
    },
    {
      known: cap,
      bits: 64,
      from: 10,
      call: (n) => `kvm: KVM_CHECK_EXTENSION(${BigInt.asIntN(64, n)})`,
      answer: 'ok = 0',
    },
  ]),
  {
    known: 5n,
    bits: 32,
    from: 3,
    call: (n) => `vcpu0: KVM_ARM_VCPU_INIT(target = ${n}, features[] = 0)`,
    answer: '-EINVAL',
  },
  ...[0n, 1n, 2n].flatMap((group): Chosen[] => [
    { before: [INIT], known: group, bits: 32, from: 3, call: (n) => has('vcpu0', n, 0n), answer: '-ENXIO' },
    { before: [INIT], known: 0n, bits: 64, from: 3, call: (n) => has('vcpu0', group, n), answer: '-ENXIO' },
  ]),
  ...(reached(host.kernel.release, '6.12')
    ? [
        { known: 0n, bits: 32, from: 1, call: (n: bigint) => has('vm', n, 0n), answer: '-ENXIO' },
        { known: 0n, bits: 64, from: 1, call: (n: bigint) => has('vm', 0n, n), answer: '-ENXIO' },
      ]
    : []),
  ...['KVM_DEV_ARM_VGIC_GRP_CTRL', 'KVM_DEV_ARM_VGIC_GRP_ADDR'].map((group): Chosen => ({
    before: [`gic = KVM_CREATE_DEVICE(${models(host)[0]}) -> ok`],
    known: 0n,
    bits: 64,
    from: 4,
    call: (n) => has('gic', group, n),
    answer: '-ENXIO',
    isOffered: hasGic,
  })),
]

law(
  'a number that chooses what a call is about is not taken for one of which it has the lower bits, nor for any that differs in one',
  src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  async ({ host, askEach }) => {
    for (const { before = [], known, bits, from, call, answer, isOffered } of chosen(host)) {
      if (isOffered?.(host) === false) continue
      const others = Array.from({ length: bits - from }, (_, i) => known ^ (1n << BigInt(i + from)))
      await askEach(
        before,
        others.map((n) => `${call(n)} -> ${answer}`),
      )
    }
  },
)
