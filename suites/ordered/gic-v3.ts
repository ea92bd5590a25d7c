/** A GICv3 of two vcpus, and its registers as sequences read and write them. */

export const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'

export const get = (group: string, attr: string) => `gic: KVM_GET_DEVICE_ATTR(${group}, ${attr}, &0)`
export const set = (group: string, attr: string, value: string) =>
  `gic: KVM_SET_DEVICE_ATTR(${group}, ${attr}, &${value})`
export const has = (group: string, attr: string) => `gic: KVM_HAS_DEVICE_ATTR(${group}, ${attr})`

/** The calls before KVM_DEV_ARM_VGIC_CTRL_INIT. */
export const gicV3 = `
  vcpu0 = KVM_CREATE_VCPU(0)                        -> ok
  vcpu1 = KVM_CREATE_VCPU(1)                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
`
export const INIT = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'
