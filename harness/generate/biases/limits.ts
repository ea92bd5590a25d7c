/** Calls on both sides of a border: the IPA limit, and what a fix refuses with what it should. */
import { oneOf, onGic, onVcpu, onVm, type Bias } from './bias.ts'
import { CTRL_INIT, neighbouringAttributes } from '../lines/device-attr.ts'
import { memoryAtLimit, neighbouringSlots, slot } from '../lines/memory-region.ts'
import { neighbouringIds, neighbouringValues } from '../lines/one-reg.ts'
import { init, neighbouringFeatures } from '../lines/vcpu-init.ts'
import { atLimit, frames, oldPlace, place } from '../lines/vgic-address.ts'
import { ipaSizes, neighbouringVcpus, neighbouringVms } from '../lines/vm.ts'

/** Off by one at the IPA limit: frames and memory that end just before, at and just behind it. */
export const ipaLimit: Bias = {
  name: 'off by one at the IPA limit',
  weight: 4,
  lines: oneOf([
    onVm((pick, { ipa }) => [slot(pick.nat(2), pick.of(memoryAtLimit(ipa)))]),
    onGic((model, pick, { ipa }) => {
      const type = pick.of(frames[model])
      return [place(type, pick.of(atLimit(ipa, type)))]
    }),
    onGic((model, pick, { ipa, vcpus }) =>
      model === 'v2' || vcpus.length === 0
        ? []
        : [
            place('KVM_VGIC_V3_ADDR_TYPE_REDIST', pick.of(atLimit(ipa, 'KVM_VGIC_V3_ADDR_TYPE_REDIST'))),
            ...(pick.once(2) ? [`vm: KVM_CREATE_VCPU(${vcpus.length})`] : []),
            init(vcpus[0]!, '0'),
            place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
            CTRL_INIT,
            `${vcpus[0]}: KVM_RUN(immediate_exit)`,
          ],
    ),
    onGic((model, pick, { ipa, vcpus }) =>
      model === 'v3' || vcpus.length === 0
        ? []
        : [
            ...frames.v2.map((type) => place(type, pick.of(atLimit(ipa, type)))),
            init(vcpus[0]!, '0'),
            `${vcpus[0]}: KVM_RUN(immediate_exit)`,
          ],
    ),
    onGic((model, pick, { ipa }) =>
      model === 'v3' ? [] : [oldPlace(pick.of(frames.v2), pick.of(atLimit(ipa, 'KVM_VGIC_V2_ADDR_TYPE_CPU')))],
    ),
    (state, pick) =>
      state.devices.includes('its')
        ? [place('KVM_VGIC_ITS_ADDR_TYPE', pick.of(atLimit(state.ipa, 'KVM_VGIC_ITS_ADDR_TYPE')), 'its')]
        : [],
    (_, pick) => [`kvm: KVM_CREATE_VM(${pick.of(ipaSizes)})`],
  ]),
}

/** Over-rejection after a fix: an illegal call, and its legal neighbour, which must not be refused with it. */
export const overRejection: Bias = {
  name: 'over-rejection after a fix',
  weight: 5,
  lines: oneOf([
    onVcpu((v, pick) => pick.of(neighbouringFeatures).map((set) => init(v, set))),
    (state, pick) =>
      state.vcpus.length < 2 ? [] : pick.of(neighbouringFeatures).map((set, i) => init(state.vcpus[i % 2]!, set)),
    onVcpu((v, pick) => pick.of(neighbouringValues).map((setting) => `${v}: KVM_SET_ONE_REG(${setting})`)),
    onVcpu((v, pick) => pick.of(neighbouringIds).map((id) => `${v}: KVM_GET_ONE_REG(${id})`)),
    onVm((pick) => pick.of(neighbouringSlots)),
    onVm((pick) => pick.of(neighbouringVcpus)),
    onGic((model, pick) => pick.of(neighbouringAttributes[model])),
    (_, pick) => pick.of(neighbouringVms),
  ]),
}
