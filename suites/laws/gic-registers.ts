/** Registers of interrupt controllers as laws read and write them. */
import { hex } from '../../harness/model/scalar.ts'
import type { Host } from '../../harness/model/host.ts'
import { deviceTypes } from '../../harness/names/index.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
export const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
export const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'

/** Which of the two models the host offers. */
export const models = ({ devices }: Host) => [V2, V3].filter((type) => devices.includes(type))

/** The attribute of a register: the vcpu it belongs to, and its offset. */
export const to = (cpu: number, offset: number) => hex((BigInt(cpu) << 32n) | BigInt(offset))

/** By which a vcpu with this id is found: sixteen vcpus are a cluster. */
export const affinityOf = (id: number): bigint => BigInt(id & 15) | (BigInt(id >> 4) << 8n)

/** The line that reads or writes a register. */
export const call = (verb: 'GET' | 'SET', group: string, attr: string, value: bigint | string = '0x0') =>
  `gic: KVM_${verb}_DEVICE_ATTR(${group}, ${attr}, &${typeof value === 'string' ? value : hex(value)})`

/** Two vcpus and a GIC that is initialised, of either model. */
export const ready = (type: number): string[] => [
  'vcpu0 = KVM_CREATE_VCPU(0) -> ok',
  'vcpu1 = KVM_CREATE_VCPU(1) -> ok',
  'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
  'vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
  `gic = KVM_CREATE_DEVICE(${type}) -> ok`,
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
]
