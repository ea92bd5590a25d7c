/** What a call leaves behind: a refused one, one that came too early, a KVM_RUN between two KVM_ARM_VCPU_INIT. */
import { oneOf, onGic, onVcpu, onVm, type Bias } from './bias.ts'
import { CTRL_INIT, attributes } from '../lines/device-attr.ts'
import { badMemory, goodMemory, slot } from '../lines/memory-region.ts'
import { early, reads, settings } from '../lines/one-reg.ts'
import { SVE, featureSets, init, wrongFeatures } from '../lines/vcpu-init.ts'
import { badAddresses, frames, goodAddresses, place, placed } from '../lines/vgic-address.ts'
import { deviceNames, lines } from '../lines/vm.ts'

/** A failed call leaves state: a refused call, what can be seen of it, and the call it should have been. */
export const leavesState: Bias = {
  name: 'failed call leaves state',
  weight: 6,
  lines: oneOf([
    onVcpu((v, pick) => [
      init(v, pick.of(wrongFeatures)),
      pick.of(reads)(v),
      init(v, pick.of(featureSets)),
      pick.of(reads)(v),
    ]),
    onVcpu((v, pick) => [
      init(v, '0', pick.of(['&short(31), ', '&unmapped, ', 'target = 0xffffffff, '])),
      pick.of(reads)(v),
      init(v, pick.of(featureSets)),
    ]),
    onVcpu((v, pick) => {
      const [id, wrong, right] = pick.of(settings)
      return [
        `${v}: KVM_SET_ONE_REG(${id}, ${pick.of(['&unmapped', '&short(1)', wrong, wrong])})`,
        `${v}: KVM_GET_ONE_REG(${id})`,
        `${v}: KVM_SET_ONE_REG(${id}, ${right})`,
        `${v}: KVM_GET_ONE_REG(${id})`,
      ]
    }),
    onVcpu((v, pick) => [
      `${v}: KVM_ARM_VCPU_FINALIZE(${pick.of(['0', '1 << 4', '&unmapped, 4'])})`,
      `${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`,
    ]),
    onVcpu((v, pick) => [`${v}: KVM_RUN(immediate_exit, arg = 1)`, pick.of(reads)(v), `${v}: KVM_RUN(immediate_exit)`]),
    onGic((model, pick, state) => {
      const type = pick.of(frames[model])
      return [
        place(type, pick.of(badAddresses(state.ipa, type))),
        placed(type),
        place(type, pick.of(goodAddresses(type))),
        placed(type),
      ]
    }),
    onVm((pick, state) => [
      slot(pick.nat(1), pick.of(badMemory(state.ipa))),
      slot(pick.nat(1), pick.of(goodMemory(state.ipa))),
    ]),
    onVm((pick) => [
      'vm: KVM_CREATE_DEVICE('
        + pick.of(['&readonly, ', '&unmapped, ', '&short(4), ', ''])
        + pick.of(deviceNames)
        + `${pick.of(['', ', flags = KVM_CREATE_DEVICE_TEST'])})`,
      `vm: KVM_CREATE_DEVICE(${pick.of(deviceNames)})`,
    ]),
  ]),
}

/** A call before KVM_ARM_VCPU_INIT, KVM_ARM_VCPU_FINALIZE or KVM_DEV_ARM_VGIC_CTRL_INIT, and again after it. */
export const tooEarly: Bias = {
  name: 'call before init or finalize',
  weight: 5,
  lines: oneOf([
    onVcpu((v, pick) => {
      const call = pick.of(early)(v)
      const sve = pick.once(2)
      return [
        call,
        init(v, sve ? SVE : pick.of(featureSets)),
        call,
        ...(sve ? [`${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`, call] : []),
      ]
    }),
    onVm((pick, { vcpus }) => {
      const v = `vcpu${vcpus.length}`
      return [
        `vm: KVM_CREATE_VCPU(${vcpus.length})`,
        pick.of(early)(v),
        init(v, pick.of(featureSets)),
        pick.of(early)(v),
      ]
    }),
    onGic((model, pick) => {
      const call = pick.of(attributes[model])
      return [call, CTRL_INIT, pick.once(2) ? call : pick.of(attributes[model])]
    }),
    onGic((model, pick, { vcpus }) => [
      pick.of(lines),
      ...(pick.once(2) ? [CTRL_INIT] : []),
      pick.of(lines),
      ...(vcpus.length > 0 && model === 'v2' ? [`vm: KVM_CREATE_VCPU(${vcpus.length})`] : []),
    ]),
    (state, pick) =>
      state.devices.includes('its')
        ? [pick.of(attributes.its), place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its'), pick.of(attributes.its)]
        : [],
  ]),
}

/** KVM_ARM_VCPU_INIT, KVM_RUN, KVM_ARM_VCPU_INIT: what a vcpu that has run keeps, and what it may still become. */
export const initRunInit: Bias = {
  name: 'INIT, RUN, INIT',
  weight: 5,
  lines: onVcpu((v, pick) => {
    const first = pick.of(featureSets)
    const [id, wrong, right] = pick.of(settings)
    return [
      init(v, first),
      ...(first.includes(SVE) ? [`${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`] : []),
      ...(pick.once(2) ? [`${v}: KVM_SET_ONE_REG(${id}, ${right})`] : []),
      `${v}: KVM_RUN(immediate_exit)`,
      ...(pick.once(2) ? [`${v}: KVM_SET_ONE_REG(${id}, ${pick.of([wrong, right])})`] : []),
      init(v, pick.once(2) ? first : pick.of(featureSets)),
      pick.of([...reads, () => `${v}: KVM_GET_ONE_REG(${id})`])(v),
    ]
  }),
}
