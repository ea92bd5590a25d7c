/** Sets of vcpu features that laws draw, in the notation. */
import fc from 'fast-check'
import type { Host } from '../../harness/model/host.ts'
import { features, type Feature } from '../../harness/names/index.ts'

const PTRAUTH = 'KVM_ARM_VCPU_PTRAUTH_ADDRESS | KVM_ARM_VCPU_PTRAUTH_GENERIC'

/** Features that every vcpu of a VM may have at once, as this host offers them; PTRAUTH is one of them, in two bits. */
export const offered = (host: Host): string[] => [
  'KVM_ARM_VCPU_PSCI_0_2',
  ...['KVM_ARM_VCPU_PMU_V3', 'KVM_ARM_VCPU_SVE'].filter((f) => host.features.includes(f)),
  ...(host.features.includes('KVM_ARM_VCPU_PTRAUTH_ADDRESS') ? [PTRAUTH] : []),
]

/** `A | B`; 0 for none. */
export const join = (names: readonly string[]): string => names.join(' | ') || '0'

/** The bits of features[0] that these names are. */
export const bitsOf = (names: readonly string[]): number =>
  names.flatMap((name) => name.split(' | ')).reduce((all, name) => all | (1 << features[name as Feature]), 0)

/** Every set of these features. */
export const subsets = (names: readonly string[]): string[][] =>
  names.reduce<string[][]>((all, name) => [...all, ...all.map((set) => [...set, name])], [[]])

/** Draws a set of what the host offers. */
export const anySet = (host: Host): fc.Arbitrary<string[]> => fc.subarray(offered(host))

/** Lines that make `vcpu` ready to be asked of its registers: initialised with these features and finalized. */
export const ready = (set: readonly string[], vcpu = 'vcpu0'): string[] => [
  `${vcpu}: KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ok`,
  ...(set.includes('KVM_ARM_VCPU_SVE') ? [`${vcpu}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> ok`] : []),
]

/** The bits 0 to 6, which every release knows. */
export const known = (Object.keys(features) as Feature[]).filter((name) => features[name] < 7)
