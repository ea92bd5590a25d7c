/** The PMU of a vcpu as laws set it up. */

export const WITH_PMU = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok'

/** The line that sets an attribute of the PMU, without its answer. */
export const onPmu = (attr: string, value: string | number) =>
  `vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_${attr}, &${value})`

/** The line that ends the setting up of a vcpu's PMU; with no vgic it needs no interrupt. */
export const INIT_PMU = 'KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok'
