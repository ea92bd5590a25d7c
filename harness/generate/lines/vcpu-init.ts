/** Sets of features for KVM_ARM_VCPU_INIT. */
import { features } from '../../names/index.ts'

export const SVE = 'KVM_ARM_VCPU_SVE'
const PSCI = 'KVM_ARM_VCPU_PSCI_0_2',
  AARCH32 = 'KVM_ARM_VCPU_EL1_32BIT',
  PMU = 'KVM_ARM_VCPU_PMU_V3',
  OFF = 'KVM_ARM_VCPU_POWER_OFF'
const ADDRESS = 'KVM_ARM_VCPU_PTRAUTH_ADDRESS',
  GENERIC = 'KVM_ARM_VCPU_PTRAUTH_GENERIC'
const both = (...names: string[]) => names.join(' | ')
const PTRAUTH = both(ADDRESS, GENERIC)
export const featureSets = ['0', '0', PSCI, PSCI, SVE, SVE, both(SVE, PSCI), PMU, AARCH32, PTRAUTH, both(OFF, PSCI)]
const KNOWN = Object.keys(features).length
/** Unknown in some release or in all; half of a pair; two that exclude each other. */
export const wrongFeatures = [
  '1 << 7',
  `1 << ${KNOWN}`,
  '1 << 31',
  '1 << 32',
  '1 << 223',
  both(SVE, `1 << ${KNOWN}`),
  both(PSCI, '1 << 40'),
  both(AARCH32, '1 << 31'),
  ADDRESS,
  GENERIC,
  both(AARCH32, GENERIC),
  both(AARCH32, SVE),
  both(AARCH32, 'KVM_ARM_VCPU_HAS_EL2'),
]
/** Sets in an order in which one is refused and the next is not. */
export const neighbouringFeatures = [
  [ADDRESS, PTRAUTH],
  [PSCI, both(PSCI, OFF), PSCI],
  ['0', PSCI, '0'],
  [SVE, SVE],
  [both(SVE, OFF), SVE],
  ['1 << 9', '0'],
  [AARCH32, AARCH32],
  [AARCH32, '0'],
  ['0', AARCH32],
  [PMU, '0'],
  ['KVM_ARM_VCPU_HAS_EL2_E2H0', '0'],
]
/** KVM_ARM_VCPU_INIT; `before` comes before the features. */
export const init = (vcpu: string, set: string, before = '') =>
  `${vcpu}: KVM_ARM_VCPU_INIT(${before}features[] = ${set})`
