/**
 * How a sequence may begin, so that what follows meets something: every situation of the vgic, vcpus in every state.
 */
import { caps, deviceTypes, features, type Feature } from '../names/index.ts'
import { offers, type Host } from '../model/host.ts'
import { CTRL_INIT } from './lines/device-attr.ts'
import { init, SVE } from './lines/vcpu-init.ts'
import { place } from './lines/vgic-address.ts'

export interface Beginning {
  /** In the notation, all of it said. */
  text: string
  weight: number
  /** Without these a host refuses what the beginning is about. */
  devices?: readonly (keyof typeof deviceTypes)[]
  features?: readonly Feature[]
  capability?: keyof typeof caps
}

const VM = 'kvm: KVM_CREATE_VM(0)'
const VCPU0 = `${VM}\nvm: KVM_CREATE_VCPU(0)`
const VCPU1 = `${VCPU0}\nvm: KVM_CREATE_VCPU(1)`
const V2 = 'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)'
const V3 = 'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)'
const ITS = 'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)'
const DIST_V3 = place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')
const REDIST = place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x0')
const REGION = place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', '0x20000000000000')
const DIST_V2 = place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8000000')
const BOTH_V2 = `${DIST_V2}\n${place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8010000')}`

const gicV2: Pick<Beginning, 'devices'> = { devices: ['KVM_DEV_TYPE_ARM_VGIC_V2'] }
const gicV3: Pick<Beginning, 'devices'> = { devices: ['KVM_DEV_TYPE_ARM_VGIC_V3'] }
const withIts: Pick<Beginning, 'devices'> = { devices: ['KVM_DEV_TYPE_ARM_VGIC_V3', 'KVM_DEV_TYPE_ARM_VGIC_ITS'] }
const withSve: Pick<Beginning, 'features'> = { features: [SVE] }

const RING = `${VM}\nvm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000)`
const withRing: Pick<Beginning, 'capability'> = { capability: 'KVM_CAP_DIRTY_LOG_RING_ACQ_REL' }

const PMU = 'KVM_ARM_VCPU_PMU_V3'
const pmu = (vcpu: string, attr: string) => `${vcpu}: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, ${attr})`
const PMU_IRQ = pmu('vcpu0', 'KVM_ARM_VCPU_PMU_V3_IRQ, &23')
const PMU_INIT = 'KVM_ARM_VCPU_PMU_V3_INIT'
/** A vcpu whose PMU knows its interrupt, and a vgic that is not initialised. */
const PMU_V3 = `${VCPU0}\n${init('vcpu0', PMU)}\n${V3}\n${DIST_V3}\n${REDIST}\n${PMU_IRQ}`
const withPmuAndV3: Pick<Beginning, 'devices' | 'features'> = { ...gicV3, features: [PMU] }

/** The simplest first. */
export const beginnings: readonly Beginning[] = [
  { text: '', weight: 1 },
  { text: VM, weight: 4 },
  { text: 'kvm: KVM_CREATE_VM(36)', weight: 1 },
  { text: VCPU0, weight: 4 },
  { text: VCPU1, weight: 2 },
  { text: `${VCPU0}\n${init('vcpu0', '0')}`, weight: 6 },
  { text: `${VCPU0}\n${init('vcpu0', 'KVM_ARM_VCPU_PSCI_0_2')}`, weight: 2 },
  { text: `${VCPU0}\n${init('vcpu0', SVE)}`, weight: 4, ...withSve },
  { text: `${VCPU0}\n${init('vcpu0', SVE)}\nvcpu0: KVM_ARM_VCPU_FINALIZE(${SVE})`, weight: 3, ...withSve },
  { text: `${VCPU0}\n${init('vcpu0', 'KVM_ARM_VCPU_EL1_32BIT')}`, weight: 2, features: ['KVM_ARM_VCPU_EL1_32BIT'] },
  { text: `${VCPU0}\n${init('vcpu0', 'KVM_ARM_VCPU_PMU_V3')}`, weight: 1, features: ['KVM_ARM_VCPU_PMU_V3'] },
  { text: `${VCPU0}\n${init('vcpu0', '0')}\nvcpu0: KVM_RUN(immediate_exit)`, weight: 2 },
  { text: `${VCPU1}\n${init('vcpu0', 'KVM_ARM_VCPU_PSCI_0_2')}`, weight: 2 },
  { text: `${RING}\nvm: KVM_CREATE_VCPU(0)\n${init('vcpu0', '0')}`, weight: 3, ...withRing },
  { text: `${VM}\n${V3}`, weight: 2, ...gicV3 },
  { text: `${VCPU0}\n${V3}`, weight: 4, ...gicV3 },
  { text: `${VCPU0}\n${V3}\n${DIST_V3}`, weight: 3, ...gicV3 },
  { text: `${VCPU0}\n${V3}\n${REDIST}`, weight: 2, ...gicV3 },
  { text: `${VCPU1}\n${V3}\n${REGION}`, weight: 2, ...gicV3 },
  { text: `${VCPU0}\n${init('vcpu0', '0')}\n${V3}\n${DIST_V3}\n${REDIST}`, weight: 3, ...gicV3 },
  { text: `${VCPU0}\n${init('vcpu0', '0')}\n${V3}\n${DIST_V3}\n${REDIST}\n${CTRL_INIT}`, weight: 5, ...gicV3 },
  { text: `${VCPU1}\n${init('vcpu1', 'KVM_ARM_VCPU_PSCI_0_2')}\n${V3}\n${REGION}\n${CTRL_INIT}`, weight: 3, ...gicV3 },
  { text: `${PMU_V3}\n${CTRL_INIT}`, weight: 3, ...withPmuAndV3 },
  { text: `${PMU_V3}\n${CTRL_INIT}\n${pmu('vcpu0', PMU_INIT)}`, weight: 2, ...withPmuAndV3 },
  { text: `${VCPU1}\n${init('vcpu1', PMU)}\n${pmu('vcpu1', PMU_INIT)}`, weight: 1, features: [PMU] },
  { text: `${VM}\n${ITS}`, weight: 1, ...withIts },
  { text: `${VCPU0}\n${V3}\n${ITS}`, weight: 2, ...withIts },
  { text: `${VM}\n${ITS}\n${place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its')}`, weight: 2, ...withIts },
  { text: `${VM}\n${V2}`, weight: 2, ...gicV2 },
  { text: `${VCPU0}\n${init('vcpu0', '0')}\nvm: KVM_CREATE_IRQCHIP`, weight: 2, ...gicV2 },
  { text: `${VCPU0}\n${V2}`, weight: 4, ...gicV2 },
  { text: `${VCPU0}\n${V2}\n${BOTH_V2}`, weight: 3, ...gicV2 },
  { text: `${VCPU1}\n${init('vcpu0', '0')}\n${V2}\n${BOTH_V2}`, weight: 3, ...gicV2 },
  { text: `${VCPU0}\n${init('vcpu0', '0')}\n${V2}\n${BOTH_V2}\n${CTRL_INIT}`, weight: 5, ...gicV2 },
  { text: `${VM}\nvm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)`, weight: 1, devices: ['KVM_DEV_TYPE_VFIO'] },
]

/** True where a host can begin so; any may, where the host is not known. */
export const canBegin = (
  host: Host | undefined,
  { devices = [], features: wanted = [], capability }: Beginning,
): boolean =>
  !host
  || (devices.every((name) => host.devices.includes(deviceTypes[name]))
    && wanted.every((name) => offers(host, features[name]))
    && (capability === undefined || (host.caps[capability] ?? 0) !== 0))
