/** The VM that is moved: what both hosts can give it, and the calls that make it on either. */
import { hasPmu, type Host } from '../../harness/model/host.ts'
import { deviceTypes, features, type Feature } from '../../harness/names/index.ts'
import { vmType } from '../../harness/probe/machine.ts'
import { memoryLine } from './its-state.ts'
import { UserError } from '../../harness/process/user-error.ts'

export interface MigratedVm {
  /** Features of its vcpus. */
  features: readonly Feature[]
  /** Absent where the hosts have no interrupt controller in common, or none at all. */
  gic?: 'v3' | 'v2'
  hasIts: boolean
  /** The type that KVM_CREATE_VM is given. */
  type: number
}

/**
 * Features that make a vcpu of another kind. A VMM whose guest has 64 bits and one level of virtualization leaves them.
 */
const OF_OTHERS: readonly string[] = [
  'KVM_ARM_VCPU_POWER_OFF',
  'KVM_ARM_VCPU_EL1_32BIT',
  'KVM_ARM_VCPU_HAS_EL2',
  'KVM_ARM_VCPU_HAS_EL2_E2H0',
]

/** Features that a VMM gives its vcpus where the host has them. 5.10 takes one of a PMU that it does not have. */
const usualFeatures = (host: Host): Feature[] =>
  host.features
    .filter((name): name is Feature => !OF_OTHERS.includes(name))
    .filter((name) => name !== 'KVM_ARM_VCPU_PMU_V3' || hasPmu(host))

/** Reads `KVM_ARM_VCPU_SVE,KVM_ARM_VCPU_PMU_V3`. Throws a UserError for what is no feature of a vcpu. */
export const parseFeatures = (text: string): Feature[] =>
  text
    .split(/[\s,|]+/)
    .filter((name) => name !== '')
    .map((name) => {
      if (!Object.hasOwn(features, name))
        throw new UserError(`${name} is no feature of a vcpu; there are ${Object.keys(features).join(', ')}`)
      return name as Feature
    })

const hasBoth = (a: Host, b: Host, device: number): boolean => a.devices.includes(device) && b.devices.includes(device)

/** The most that both hosts can give a VM; `asked`: with these features instead of all that both have. */
export const commonVm = (a: Host, b: Host, asked?: readonly Feature[]): MigratedVm => {
  const { KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
  const gic = hasBoth(a, b, V3) ? 'v3' : hasBoth(a, b, V2) ? 'v2' : undefined
  const onB = usualFeatures(b)
  // 0 is the usual size; a host that cannot do that says its own.
  const limits = [vmType(a), vmType(b)].filter((type) => type !== 0)
  return {
    features: asked ?? usualFeatures(a).filter((name) => onB.includes(name)),
    ...(gic !== undefined && { gic }),
    hasIts: gic === 'v3' && hasBoth(a, b, ITS),
    type: limits.length === 0 ? 0 : Math.min(...limits),
  }
}

export const SVE: Feature = 'KVM_ARM_VCPU_SVE'
const PMU: Feature = 'KVM_ARM_VCPU_PMU_V3'

/** Interrupts of the VM, those of each vcpu included. */
export const NR_IRQS = 64
/** Its vcpus, by their ids. */
export const VCPUS = [0, 1] as const

const address = (attr: string, at: string) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${attr}, &${at})`

const gicLines: Readonly<Record<'v2' | 'v3', readonly string[]>> = {
  v3: [
    'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
    address('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
    address('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x80a0000'),
  ],
  v2: [
    'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)',
    address('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8000000'),
    address('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8010000'),
  ],
}

const itsLines = [
  'its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)',
  'its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)',
  'its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
]

const pmuLines = (vcpu: number, hasGic: boolean): string[] => [
  ...(hasGic ? [`vcpu${vcpu}: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23)`] : []),
  `vcpu${vcpu}: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)`,
]

/**
 * The calls that make the VM with two vcpus, the second of which is powered off, a line each. `beforeFinalize`: what
 * comes between KVM_ARM_VCPU_INIT and KVM_ARM_VCPU_FINALIZE.
 */
export const setUpLines = (vm: MigratedVm, beforeFinalize: readonly string[] = []): string[] => {
  const set = vm.features.join(' | ')
  const init = (vcpu: number, more: string) =>
    `vcpu${vcpu}: KVM_ARM_VCPU_INIT(features[] = ${[set, more].filter((part) => part !== '').join(' | ') || '0'})`
  return [
    `KVM_CREATE_VM(${vm.type})`,
    'vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest)',
    ...(vm.hasIts ? [memoryLine] : []),
    // 5.10 takes features of the first vcpu for those of all that were made.
    ...VCPUS.map((vcpu) => `vm: KVM_CREATE_VCPU(${vcpu})`),
    ...(vm.gic ? gicLines[vm.gic] : []),
    init(0, ''),
    init(1, 'KVM_ARM_VCPU_POWER_OFF'),
    ...beforeFinalize,
    ...(vm.features.includes(SVE) ? VCPUS.map((vcpu) => `vcpu${vcpu}: KVM_ARM_VCPU_FINALIZE(${SVE})`) : []),
    ...(vm.gic
      ? [
          `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &${NR_IRQS})`,
          'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
        ]
      : []),
    ...(vm.hasIts ? itsLines : []),
    ...(vm.features.includes(PMU) ? VCPUS.flatMap((vcpu) => pmuLines(vcpu, vm.gic !== undefined)) : []),
  ]
}
