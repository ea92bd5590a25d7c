/** Things made twice, too late and in vain, and lists that should stay as they are. */
import { oneOf, onGic, onVcpu, onVm, type Bias } from './bias.ts'
import { CTRL_INIT } from '../lines/device-attr.ts'
import { goodMemory, noMemory, slot } from '../lines/memory-region.ts'
import { reads } from '../lines/one-reg.ts'
import { featureSets, init } from '../lines/vcpu-init.ts'
import { place, scarceRegions } from '../lines/vgic-address.ts'
import { deviceNames } from '../lines/vm.ts'

/** Creation and destruction on error paths: the same thing made twice, too late, in vain, and again. */
export const createDestroy: Bias = {
  name: 'create and destroy on error paths',
  weight: 4,
  lines: oneOf([
    onVm((pick, { vcpus }) => [
      `vm: KVM_CREATE_VCPU(${pick.nat(vcpus.length)})`,
      `vm: KVM_CREATE_VCPU(${pick.nat(vcpus.length)})`,
      `vm: KVM_CREATE_VCPU(${pick.of([vcpus.length, 511, 512, 8])})`,
    ]),
    onGic((model, pick, { vcpus }) =>
      model === 'v2'
        ? ['vm: KVM_CREATE_VCPU(0)', 'vm: KVM_CREATE_VCPU(7)', 'vm: KVM_CREATE_VCPU(8)']
        : [
            place(...pick.of(scarceRegions)),
            `vm: KVM_CREATE_VCPU(${pick.nat(vcpus.length)})`,
            `vm: KVM_CREATE_VCPU(${vcpus.length})`,
            `vm: KVM_CREATE_VCPU(${vcpus.length + 1})`,
            ...vcpus.slice(0, 1).map((v) => `${v}: KVM_RUN(immediate_exit)`),
          ],
    ),
    onVm((pick) => [
      `vm: KVM_CREATE_DEVICE(${pick.of(deviceNames)})`,
      pick.of(['vm: KVM_CREATE_IRQCHIP', `vm: KVM_CREATE_DEVICE(${pick.of(deviceNames)})`]),
    ]),
    onVcpu((v, pick) => [
      init(v, '0'),
      `${v}: KVM_RUN(immediate_exit)`,
      `vm: KVM_CREATE_DEVICE(${pick.of(deviceNames)})`,
      pick.of(['vm: KVM_CREATE_IRQCHIP', 'vm: KVM_CREATE_VCPU(1)']),
    ]),
    onGic((_, pick, { vcpus }) => [
      ...(pick.once(2) ? [CTRL_INIT] : []),
      ...vcpus.slice(0, 1).map((v) => `${v}: KVM_RUN(immediate_exit)`),
      `vm: KVM_CREATE_VCPU(${vcpus.length})`,
      pick.of(reads)('vcpu0'),
    ]),
    onVm((pick, { ipa }) => {
      const id = pick.nat(1)
      return [slot(id, pick.of(goodMemory(ipa))), slot(id, pick.of(noMemory)), slot(id, pick.of(noMemory))]
    }),
  ]),
}

/** A list that is not stable: the same list of registers, asked for before and after all that may change it. */
export const listStability: Bias = {
  name: 'list not stable',
  weight: 2,
  lines: onVcpu((v, pick) => {
    const list = `${v}: KVM_GET_REG_LIST(n = ${pick.of(['1000', '1000', '0', '1'])})`
    const change = pick.of([
      `${v}: KVM_RUN(immediate_exit)`,
      init(v, pick.of(featureSets)),
      `${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`,
      `${v}: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)`,
      `${v}: KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 0), &reset)`,
    ])
    return [list, change, `${v}: KVM_GET_REG_LIST(n = 1000)`]
  }),
}
