/** Which features a KVM_ARM_VCPU_INIT asks for, and what it makes of its vcpu, also where it fails. */
import { loseWritten } from '../memory/dirty-ring.ts'
import { offers } from '../../model/host.ts'
import { features } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Vcpu } from '../../model/vcpu.ts'
import { standEarly } from '../entry/start.ts'
import { forgetValues } from '../registers/value.ts'
import { releaseTimers } from '../vgic/device-lines.ts'
import { type VcpuInit } from '../args/arm-vcpu-init.ts'

const {
  KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_EL1_32BIT,
  KVM_ARM_VCPU_SVE,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC,
} = features
export const OFF = 1 << KVM_ARM_VCPU_POWER_OFF
const PTRAUTH = (1 << KVM_ARM_VCPU_PTRAUTH_ADDRESS) | (1 << KVM_ARM_VCPU_PTRAUTH_GENERIC)
const SVE_BIT = 1 << KVM_ARM_VCPU_SVE
export const AARCH32 = 1 << KVM_ARM_VCPU_EL1_32BIT
const NAMES = Object.fromEntries(Object.entries(features).map(([name, bit]) => [bit, name]))

/** Features that the vcpu is to have: those of the call, and those that a call before it has left behind. */
export const asked = ({ vcpu }: Here, { features: f }: VcpuInit) => (f | vcpu.leaked) >>> 0

/** The numbers of those of `bits` that the host does not offer. */
const lacking = (here: Here, bits: number) =>
  Object.keys(NAMES)
    .map(Number)
    .filter((b) => bits & (1 << b) && !offers(here.host, b))

/** True where the host does not offer one of `bits`. */
export const lacksAny = (here: Here, bits: number): boolean => lacking(here, bits).length > 0

/**
 * Features that need their host's consent; POWER_OFF and PSCI_0_2 are everybody's, and PMU_V3_STRICT goes with PMU_V3.
 */
export const needsHost = (here: Here, arg: VcpuInit) =>
  asked(here, arg) & ~(OFF | (1 << features.KVM_ARM_VCPU_PSCI_0_2) | (1 << features.KVM_ARM_VCPU_PMU_V3_STRICT))
/** One of the two features of pointer authentication is asked for without the other. */
export const halfPtrauth = (f: number) => (f & PTRAUTH) !== 0 && (f & PTRAUTH) !== PTRAUTH

/** 5.10 and 6.1: a failed reset forgets everything the vcpu was given so far. */
export const forget = ({ vcpu }: Here) => {
  vcpu.initialised = false
  vcpu.features = 0
  vcpu.leaked = 0
}
/** The same where SVE, and PTRAUTH after it, were given before what failed: the vcpu keeps behaving so. */
export const forgetButStick = (here: Here, arg: VcpuInit) => {
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
export const forgetButWidth = (here: Here, arg: VcpuInit) => {
  here.vm.width ??= asked(here, arg) & AARCH32 ? 32 : 64
  forgetButStick(here, arg)
}

/** The vcpu has these features, and begins anew. */
const reset = (here: Here, bits: number, arg: VcpuInit) => {
  const { vcpu, host } = here
  vcpu.initialised = true
  vcpu.features = bits
  vcpu.leaked = 0
  vcpu.off = (arg.features & OFF) !== 0
  vcpu.isSuspended = false
  vcpu.target = arg.target ?? host.preferredTarget
  forgetValues(here)
  releaseTimers(here)
  delete vcpu.isLost
  delete vcpu.isPowerUnknown
  delete vcpu.lines
  if (vcpu.start) standEarly(here)
  if (bits & (1 << KVM_ARM_VCPU_SVE) && !vcpu.sveFinalized) vcpu.vls = BigInt(`0x${host.vls}`)
}

/** 5.10 and 6.1 have stored the known bits before they see an unknown one. */
export const keepKnownBits = ({ vcpu }: Here, { features: f }: VcpuInit) => {
  if (!vcpu.initialised) vcpu.leaked |= f & 0x7f
}

/** The other vcpus of the VM. */
export const others = ({ vm, vcpu }: Here): Vcpu[] => vm.vcpus.filter((v) => v !== vcpu)

/** The words of a skip: the features that the host does not offer. */
export const lacks = (here: Here, arg: VcpuInit): string =>
  `no ${lacking(here, needsHost(here, arg))
    .map((b) => NAMES[b])
    .join(', ')}`

/** 5.10: the vcpu alone has these features. */
export const resetAlone = (here: Here, arg: VcpuInit): void => {
  delete here.vcpu.serror
  reset(here, asked(here, arg), arg)
}

/** 6.1: and all vcpus of the VM have the same register width. */
export const resetWithWidth = (here: Here, arg: VcpuInit): void => {
  here.vm.width ??= asked(here, arg) & AARCH32 ? 32 : 64
  resetAlone(here, arg)
}

/** From 6.12 on all vcpus of the VM have the same features. */
export const resetWithFeatures = (here: Here, arg: VcpuInit): void => {
  if (here.vcpu.hasRun) loseWritten(here.vm)
  else delete here.vcpu.serror
  here.vm.features ??= (arg.features & ~OFF) >>> 0
  reset(here, (arg.features & ~OFF) >>> 0, arg)
}
