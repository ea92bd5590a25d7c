/** Chooses the CPU a vcpu presents to the guest, and resets it. */
import fc from 'fast-check'
import {
  faults,
  printBadPointer,
  put,
  address,
  setOnce,
  split,
  parseBadPointer,
  anyBadPointer,
  type Codec,
  type BadPointer,
} from '../../model/codec.ts'
import { offers } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, src, type Refusal, type Statement } from '../../model/rule.ts'
import { features, ioctls, targets } from '../../names/index.ts'
import { bytes, flags, named, readNumber } from '../../model/scalar.ts'
import type { Here, Vcpu } from '../../model/world.ts'
import { forgetValues } from '../registers/value.ts'

/** features[0], and at most one bit of the other six words: `beyond` is its number, 32 to 223. No target: the preferred one. */
export interface VcpuInit {
  target?: number
  features: number
  beyond?: number
  at?: BadPointer
}

const {
  KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_EL1_32BIT,
  KVM_ARM_VCPU_SVE,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC,
  KVM_ARM_VCPU_HAS_EL2,
} = features
const OFF = 1 << KVM_ARM_VCPU_POWER_OFF
const PTRAUTH = (1 << KVM_ARM_VCPU_PTRAUTH_ADDRESS) | (1 << KVM_ARM_VCPU_PTRAUTH_GENERIC)
const SVE_BIT = 1 << KVM_ARM_VCPU_SVE
const AARCH32 = 1 << KVM_ARM_VCPU_EL1_32BIT
const NAMES = Object.fromEntries(Object.entries(features).map(([name, bit]) => [bit, name]))

const target = named('target', targets, fc.constantFrom(0, 2, 4, 5, 6, 0xffff_ffff))
const bit = (names: readonly (keyof typeof features)[]) => names.reduce((all, name) => all | (1 << features[name]), 0)
const word = flags(
  'features[]',
  features,
  fc.oneof(
    {
      arbitrary: fc.constantFrom(
        0,
        bit(['KVM_ARM_VCPU_SVE']),
        bit(['KVM_ARM_VCPU_PSCI_0_2']),
        bit(['KVM_ARM_VCPU_SVE', 'KVM_ARM_VCPU_PSCI_0_2']),
        bit(['KVM_ARM_VCPU_PSCI_0_2', 'KVM_ARM_VCPU_POWER_OFF']),
        PTRAUTH,
        bit(['KVM_ARM_VCPU_PMU_V3']),
      ),
      weight: 12,
    },
    { arbitrary: fc.integer({ min: 0, max: 0x7f }), weight: 3 },
    { arbitrary: fc.integer({ min: 0, max: 31 }).map((b) => (1 << b) >>> 0), weight: 1 },
  ),
)
const any: fc.Arbitrary<VcpuInit> = fc.oneof(
  { arbitrary: word.any.map((f): VcpuInit => ({ features: f })), weight: 20 },
  { arbitrary: fc.tuple(word.any, target.any).map(([f, t]): VcpuInit => ({ target: t, features: f })), weight: 2 },
  {
    arbitrary: fc
      .tuple(word.any, fc.integer({ min: 32, max: 223 }))
      .map(([f, beyond]): VcpuInit => ({ features: f, beyond })),
    weight: 1,
  },
  {
    arbitrary: fc.tuple(word.any, anyBadPointer(32, false)).map(([f, at]): VcpuInit => ({ features: f, at })),
    weight: 1,
  },
)

/** Of seven words. */
const LAST_BIT = 223n

const takes: Codec<VcpuInit> = {
  any: () => any,
  parse(text) {
    const arg: Partial<VcpuInit> = {}
    for (const part of split(text)) {
      const odd = parseBadPointer(part)
      const [, key, value] = /^(target|features\[\]) = (.*)$/.exec(part) ?? []
      if (odd !== undefined) setOnce(arg, 'at', odd, 'the pointer')
      else if (key === 'target') setOnce(arg, 'target', target.parse(value!))
      else {
        const bits = (value ?? part).split(' | ')
        const far = bits.find((b) => /^1 << \d+$/.test(b) && Number(b.slice(5)) >= 32)
        if (far)
          setOnce(arg, 'beyond', Number(readNumber(far.slice(5), 'a bit of features[]', { min: 0n, max: LAST_BIT })))
        setOnce(arg, 'features', word.parse(bits.filter((b) => b !== far).join(' | ') || '0'), 'features[]')
      }
    }
    return { features: 0, ...arg }
  },
  print({ target: t, features: f, beyond, at }) {
    const bits =
      [...(f !== 0 ? [word.print(f)] : []), ...(beyond === undefined ? [] : [`1 << ${beyond}`])].join(' | ') || '0'
    return [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      ...(t === undefined ? [] : [`target = ${target.print(t)}`]),
      `features[] = ${bits}`,
    ].join(', ')
  },
  pack({ target: t, features: f, beyond, at }, _, host) {
    const words = BigInt(f >>> 0) | (beyond === undefined ? 0n : 1n << BigInt(beyond))
    return { before: put(at, bytes(t ?? host.preferredTarget, 4) + bytes(words, 28)), arg: address(at), after: '' }
  },
}

const asked = ({ vcpu }: Here, { features: f }: VcpuInit) => (f | vcpu.leaked) >>> 0
const lacking = (here: Here, bits: number) =>
  Object.keys(NAMES)
    .map(Number)
    .filter((b) => bits & (1 << b) && !offers(here.host, b))
/** Features that need their host's consent; POWER_OFF and PSCI_0_2 are everybody's. */
const needsHost = (here: Here, arg: VcpuInit) => asked(here, arg) & ~(OFF | (1 << features.KVM_ARM_VCPU_PSCI_0_2))
const halfPtrauth = (f: number) => (f & PTRAUTH) !== 0 && (f & PTRAUTH) !== PTRAUTH

/** 5.10 and 6.1: a failed reset forgets everything the vcpu was given so far. */
const forget = ({ vcpu }: Here) => {
  vcpu.initialised = false
  vcpu.features = 0
  vcpu.leaked = 0
}
/** The same where SVE, and PTRAUTH after it, were given before what failed: the vcpu keeps behaving so. */
const forgetButStick = (here: Here, arg: VcpuInit) => {
  const { vcpu, host } = here
  const bits = asked(here, arg)
  forget(here)
  if (bits & SVE_BIT) {
    if (!offers(host, KVM_ARM_VCPU_SVE)) return
    vcpu.stuck |= SVE_BIT
    if (!vcpu.sveFinalized) vcpu.vls = BigInt(`0x${host.vls}`)
  }
  if ((bits & PTRAUTH) === PTRAUTH && offers(host, KVM_ARM_VCPU_PTRAUTH_ADDRESS)) vcpu.stuck |= PTRAUTH
}
/** 6.1 fixes the register width before it looks at the rest. */
const forgetButWidth = (here: Here, arg: VcpuInit) => {
  here.vm.width ??= asked(here, arg) & AARCH32 ? 32 : 64
  forgetButStick(here, arg)
}

const reset = (here: Here, bits: number, arg: VcpuInit) => {
  const { vcpu, host } = here
  vcpu.initialised = true
  vcpu.features = bits
  vcpu.leaked = 0
  vcpu.off = (arg.features & OFF) !== 0
  vcpu.target = arg.target ?? host.preferredTarget
  forgetValues(here)
  vcpu.exits = vcpu.mmio ? 1 : 0
  if (bits & (1 << KVM_ARM_VCPU_SVE) && !vcpu.sveFinalized) vcpu.vls = BigInt(`0x${host.vls}`)
}

/** Bits from `first` on, which a release does not know. */
const unknownFrom = (first: number): Refusal<VcpuInit> => ({
  why: 'unknown feature',
  says: `Bit ${first} and those after it mean nothing.`,
  cite: api('4.82', 'ENOENT a features bit specified is unknown'),
  errno: 'ENOENT',
  when: (_, { features: f, beyond }) => beyond !== undefined || f >>> first !== 0,
})
/** 5.10 and 6.1 have stored the known bits before they see an unknown one. */
const keepKnownBits = ({ vcpu }: Here, { features: f }: VcpuInit) => {
  if (!vcpu.initialised) vcpu.leaked |= f & 0x7f
}

const halfOfPtrauth: Refusal<VcpuInit> = {
  why: 'half of PTRAUTH',
  says: 'KVM_ARM_VCPU_PTRAUTH_ADDRESS and KVM_ARM_VCPU_PTRAUTH_GENERIC come together.',
  cite: api('4.82', 'KVM_ARM_VCPU_PTRAUTH_GENERIC must be requested or neither must be requested'),
  errno: 'EINVAL',
  when: (here, arg) => halfPtrauth(asked(here, arg)),
}

const ofOneVcpu: Statement = {
  says: 'Whether features go together is a matter of one vcpu; nothing is said of others of the VM.',
  cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
}

const others = ({ vm, vcpu }: Here): Vcpu[] => vm.vcpus.filter((v) => v !== vcpu)

export default ioctl('KVM_ARM_VCPU_INIT', {
  nr: ioctls.KVM_ARM_VCPU_INIT,
  on: ['vcpu'],
  takes,
  refuses: [
    {
      why: 'bad pointer',
      says: 'The whole struct kvm_vcpu_init is read.',
      cite: api('4.82', 'struct kvm_vcpu_init (in)'),
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, 32),
    },
    {
      why: 'target',
      says: 'The target is the host CPU’s own, or from 6.12 on also KVM_ARM_TARGET_GENERIC_V8.',
      cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
      errno: 'EINVAL',
      when: ({ host }, { target: t }) => t !== undefined && !host.targets.includes(t),
    },
    {
      why: 'changed mind',
      variant: 'of the vcpu',
      says: 'Every later call asks for the same features as the first; the low bits are compared before unknown ones are seen.',
      cite: api('4.82', 'All calls to this function after the initial call'),
      until: '6.12',
      errno: 'EINVAL',
      when: ({ vcpu }, { features: f }) => vcpu.initialised && ((vcpu.features ^ f) & 0x7f) !== 0,
    },
    ...inReleases({ until: '6.12', variant: 'bit 7, others are kept', leaves: keepKnownBits }, unknownFrom(7)),
    ...inReleases({ since: '6.12', until: '7.2', variant: 'bit 7' }, unknownFrom(7)),
    ...inReleases({ since: '7.2', variant: 'bit 9' }, unknownFrom(9)),
    {
      why: 'not offered',
      variant: 'all but KVM_ARM_VCPU_PMU_V3',
      says: 'A feature needs its capability. 5.10 takes KVM_ARM_VCPU_PMU_V3 on a host without PMU.',
      cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
      until: '6.1',
      errno: 'EINVAL',
      when: (here, arg) => lacking(here, needsHost(here, arg) & ~(1 << features.KVM_ARM_VCPU_PMU_V3)).length > 0,
      lacks: (here, arg) =>
        `no ${lacking(here, needsHost(here, arg))
          .map((b) => NAMES[b])
          .join(', ')}`,
      leaves: forgetButStick,
    },
    {
      why: 'another width',
      variant: 'of the other vcpus',
      says: 'EL1 is 32-bit on all vcpus of a VM or on none; a vcpu not yet initialised counts as 64-bit.',
      cite: src('arch/arm64/kvm/reset.c', 'vcpu_allowed_register_width'),
      text: [ofOneVcpu],
      until: '6.1',
      errno: 'EINVAL',
      when: (here, arg) =>
        others(here).some((v) => ((v.features | v.leaked) & AARCH32) !== (asked(here, arg) & AARCH32)),
      leaves: forgetButStick,
    },
    {
      why: 'another width',
      variant: 'of the VM',
      says: 'EL1 is 32-bit on all vcpus of a VM or on none.',
      cite: src('arch/arm64/kvm/reset.c', 'kvm_set_vm_width'),
      text: [ofOneVcpu],
      since: '6.1',
      until: '6.12',
      errno: 'EINVAL',
      when: (here, arg) =>
        here.vm.width !== undefined && (here.vm.width === 32) !== ((asked(here, arg) & AARCH32) !== 0),
      leaves: forget,
    },
    {
      why: 'not offered',
      variant: '32-bit EL1',
      says: 'EL1 cannot be 32-bit on this host.',
      cite: api('4.82', 'Depends on KVM_CAP_ARM_EL1_32BIT'),
      since: '6.1',
      until: '6.12',
      errno: 'EINVAL',
      when: (here, arg) => (asked(here, arg) & AARCH32) !== 0 && !offers(here.host, KVM_ARM_VCPU_EL1_32BIT),
      lacks: () => 'KVM_CAP_ARM_EL1_32BIT = 0',
      leaves: forget,
    },
    {
      why: 'not offered',
      variant: 'all but 32-bit EL1',
      says: 'A feature needs its capability.',
      cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
      since: '6.1',
      until: '6.12',
      errno: 'EINVAL',
      when: (here, arg) => lacking(here, needsHost(here, arg) & ~AARCH32).length > 0,
      lacks: (here, arg) =>
        `no ${lacking(here, needsHost(here, arg))
          .map((b) => NAMES[b])
          .join(', ')}`,
      leaves: forgetButWidth,
    },
    {
      why: 'not offered',
      variant: 'all but KVM_ARM_VCPU_HAS_EL2_E2H0',
      says: 'A feature needs its capability. KVM_ARM_VCPU_HAS_EL2_E2H0 alone passes on a host without nested virtualization.',
      cite: api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
      text: [
        {
          says: 'KVM_ARM_VCPU_HAS_EL2_E2H0 needs its capability, and KVM_ARM_VCPU_HAS_EL2.',
          cite: api('4.82', 'KVM_ARM_VCPU_HAS_EL2 must also be set'),
          since: '7.2',
        },
      ],
      since: '6.12',
      errno: 'EINVAL',
      when: (here, arg) => lacking(here, needsHost(here, arg) & ~(1 << features.KVM_ARM_VCPU_HAS_EL2_E2H0)).length > 0,
      lacks: (here, arg) =>
        `no ${lacking(here, needsHost(here, arg))
          .map((b) => NAMES[b])
          .join(', ')}`,
    },
    ...inReleases({ until: '6.1', variant: 'vcpu forgets', leaves: forgetButStick }, halfOfPtrauth),
    ...inReleases({ since: '6.1', until: '6.12', variant: 'VM keeps a width', leaves: forgetButWidth }, halfOfPtrauth),
    ...inReleases({ since: '6.12', when: (_, { features: f }) => halfPtrauth(f) }, halfOfPtrauth),
    {
      why: '32-bit EL1 with EL2',
      says: 'A guest with EL2 is 64-bit.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_vcpu_init_check_features'),
      since: '7.2',
      errno: 'EINVAL',
      when: (_, { features: f }) => (f & AARCH32) !== 0 && (f & (1 << KVM_ARM_VCPU_HAS_EL2)) !== 0,
    },
    {
      why: 'changed mind',
      variant: 'of the VM',
      says: 'All vcpus of a VM have the features of the first; KVM_ARM_VCPU_POWER_OFF may differ each time.',
      cite: src('arch/arm64/kvm/arm.c', '__kvm_vcpu_set_target'),
      text: [
        {
          says: 'A later call has the same target and features, KVM_ARM_VCPU_POWER_OFF included.',
          cite: api('4.82', 'All calls to this function after the initial call'),
        },
        ofOneVcpu,
      ],
      since: '6.12',
      errno: 'EINVAL',
      when: ({ vm }, { features: f }) => vm.features !== undefined && vm.features !== (f & ~OFF) >>> 0,
    },
  ],
  grants: [
    {
      variant: 'features of the vcpu',
      says: 'The vcpu is reset to its initial state.',
      cite: api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
      until: '6.1',
      then: (here, arg) => {
        delete here.vcpu.serror
        reset(here, asked(here, arg), arg)
      },
    },
    {
      variant: 'width of the VM',
      says: 'The vcpu is reset to its initial state.',
      cite: api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
      since: '6.1',
      until: '6.12',
      then: (here, arg) => {
        here.vm.width ??= asked(here, arg) & AARCH32 ? 32 : 64
        delete here.vcpu.serror
        reset(here, asked(here, arg), arg)
      },
    },
    {
      says:
        'The vcpu is reset to its initial state, but for an SError that is pending once it has run; the VM has these '
        + 'features from now on.',
      cite: api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
      since: '6.12',
      then: (here, arg) => {
        if (!here.vcpu.hasRun) delete here.vcpu.serror
        here.vm.features ??= (arg.features & ~OFF) >>> 0
        reset(here, (arg.features & ~OFF) >>> 0, arg)
      },
    },
  ],
})
