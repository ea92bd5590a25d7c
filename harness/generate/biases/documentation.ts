/** Where documentation and code disagree. */
import { oneOf, onGic, onVcpu, onVm, type Bias } from './bias.ts'
import { CTRL_INIT, disputed, files } from '../lines/device-attr.ts'
import { disputedRegisters } from '../lines/one-reg.ts'
import { featureSets, init } from '../lines/vcpu-init.ts'
import { oldRegions, overlapping } from '../lines/vgic-address.ts'
import { disputedOnVm, events } from '../lines/vm.ts'

/** Documentation and code disagree: calls that one of the two refuses otherwise, or not at all. */
export const docDisagrees: Bias = {
  name: 'documentation and code disagree',
  weight: 4,
  lines: oneOf([
    onVcpu((v, pick) => [
      init(v, pick.of(['0', 'KVM_ARM_VCPU_PSCI_0_2'])),
      `${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`,
    ]),
    onVcpu((v, pick) => [init(v, pick.of(featureSets)), `${v}: ${pick.of(disputedRegisters)}`]),
    onVm((pick) => pick.of(disputedOnVm)),
    onGic((model, pick) => pick.of(disputed[model])),
    // Overlaps are found out by KVM_RUN alone.
    onGic((model, pick, { vcpus }) => [
      ...pick.of(overlapping[model]),
      ...vcpus.slice(0, 1).flatMap((v) => [init(v, '0'), CTRL_INIT, `${v}: KVM_RUN(immediate_exit)`]),
    ]),
    onGic((model, pick) => (model === 'v2' ? [] : [0, 1, 2].map(() => pick.of(oldRegions)))),
    (state, pick) => (state.devices.includes('device') ? pick.of(files) : []),
    (state, pick) => (state.devices.includes('its') ? pick.of(disputed.its) : []),
    onVm(() => ['vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)', 'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)']),
    onVcpu((v, pick) => [`${v}: KVM_SET_VCPU_EVENTS(${pick.of(events)})`, `${v}: KVM_GET_VCPU_EVENTS`]),
  ]),
}
