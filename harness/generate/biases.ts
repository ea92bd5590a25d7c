/** Where past bugs lay: eight recurring shapes, each a few calls in a row that look there. */
import { Picker } from './pick.ts'
import type { Scene } from './scene.ts'
import * as say from './say.ts'

export interface Bias {
  name: string
  /** How often it is taken among the others that can be. */
  weight: number
  /** Lines of the notation; each call of them tells on which descriptor. Empty where the scene has nothing for it. */
  lines(scene: Scene, pick: Picker): readonly string[]
}

type Motif = (scene: Scene, pick: Picker) => readonly string[]

const oneOf = (motifs: readonly Motif[]) => (scene: Scene, pick: Picker) => pick.of(motifs)(scene, pick)
const onVcpu =
  (lines: (vcpu: string, pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.vcpus.length === 0 ? [] : lines(pick.of(scene.vcpus), pick, scene)
const onGic =
  (lines: (model: 'v2' | 'v3', pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.gic === undefined || !scene.devices.includes('gic') ? [] : lines(scene.gic, pick, scene)
const onVm =
  (lines: (pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.vms.includes('vm') ? lines(pick, scene) : []

/** A failed call leaves state: a refused call, what can be seen of it, and the call it should have been. */
const leavesState: Bias = {
  name: 'failed call leaves state',
  weight: 6,
  lines: oneOf([
    onVcpu((v, pick) => [
      say.init(v, pick.of(say.wrongFeatures)),
      pick.of(say.reads)(v),
      say.init(v, pick.of(say.featureSets)),
      pick.of(say.reads)(v),
    ]),
    onVcpu((v, pick) => [
      say.init(v, '0', pick.of(['&short(31), ', '&unmapped, ', 'target = 0xffffffff, '])),
      pick.of(say.reads)(v),
      say.init(v, pick.of(say.featureSets)),
    ]),
    onVcpu((v, pick) => {
      const [id, wrong, right] = pick.of(say.settings)
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
    onVcpu((v, pick) => [
      `${v}: KVM_RUN(immediate_exit, arg = 1)`,
      pick.of(say.reads)(v),
      `${v}: KVM_RUN(immediate_exit)`,
    ]),
    onGic((model, pick, scene) => {
      const type = pick.of(say.frames[model])
      return [
        say.place(type, pick.of(say.badAddresses(scene.ipa, type))),
        say.placed(type),
        say.place(type, pick.of(say.goodAddresses(type))),
        say.placed(type),
      ]
    }),
    onVm((pick, scene) => [
      say.slot(pick.nat(1), pick.of(say.badMemory(scene.ipa))),
      say.slot(pick.nat(1), pick.of(say.goodMemory(scene.ipa))),
    ]),
    onVm((pick) => [
      `vm: KVM_CREATE_DEVICE(${pick.of(['&readonly, ', '&unmapped, ', '&short(4), ', ''])}${pick.of(say.deviceNames)}${pick.of(['', ', flags = KVM_CREATE_DEVICE_TEST'])})`,
      `vm: KVM_CREATE_DEVICE(${pick.of(say.deviceNames)})`,
    ]),
  ]),
}

/** A call before KVM_ARM_VCPU_INIT, KVM_ARM_VCPU_FINALIZE or KVM_DEV_ARM_VGIC_CTRL_INIT, and again after it. */
const tooEarly: Bias = {
  name: 'call before init or finalize',
  weight: 5,
  lines: oneOf([
    onVcpu((v, pick) => {
      const call = pick.of(say.early)(v)
      const sve = pick.once(2)
      return [
        call,
        say.init(v, sve ? say.SVE : pick.of(say.featureSets)),
        call,
        ...(sve ? [`${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`, call] : []),
      ]
    }),
    onVm((pick, { vcpus }) => {
      const v = `vcpu${vcpus.length}`
      return [
        `vm: KVM_CREATE_VCPU(${vcpus.length})`,
        pick.of(say.early)(v),
        say.init(v, pick.of(say.featureSets)),
        pick.of(say.early)(v),
      ]
    }),
    onGic((model, pick) => {
      const call = pick.of(say.attributes[model])
      return [call, say.CTRL_INIT, pick.once(2) ? call : pick.of(say.attributes[model])]
    }),
    onGic((model, pick, { vcpus }) => [
      pick.of(say.lines),
      ...(pick.once(2) ? [say.CTRL_INIT] : []),
      pick.of(say.lines),
      ...(vcpus.length > 0 && model === 'v2' ? [`vm: KVM_CREATE_VCPU(${vcpus.length})`] : []),
    ]),
    (scene, pick) =>
      scene.devices.includes('its')
        ? [
            pick.of(say.attributes.its),
            say.place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its'),
            pick.of(say.attributes.its),
          ]
        : [],
  ]),
}

/** KVM_ARM_VCPU_INIT, KVM_RUN, KVM_ARM_VCPU_INIT: what a vcpu that has run keeps, and what it may still become. */
const initRunInit: Bias = {
  name: 'INIT, RUN, INIT',
  weight: 5,
  lines: onVcpu((v, pick) => {
    const first = pick.of(say.featureSets)
    const [id, wrong, right] = pick.of(say.settings)
    return [
      say.init(v, first),
      ...(first.includes(say.SVE) ? [`${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`] : []),
      ...(pick.once(2) ? [`${v}: KVM_SET_ONE_REG(${id}, ${right})`] : []),
      `${v}: KVM_RUN(immediate_exit)`,
      ...(pick.once(2) ? [`${v}: KVM_SET_ONE_REG(${id}, ${pick.of([wrong, right])})`] : []),
      say.init(v, pick.once(2) ? first : pick.of(say.featureSets)),
      pick.of([...say.reads, () => `${v}: KVM_GET_ONE_REG(${id})`])(v),
    ]
  }),
}

/** Off by one at the IPA limit: frames and memory that end just before, at and just behind it. */
const ipaLimit: Bias = {
  name: 'off by one at the IPA limit',
  weight: 4,
  lines: oneOf([
    onVm((pick, { ipa }) => [say.slot(pick.nat(2), pick.of(say.memoryAtLimit(ipa)))]),
    onGic((model, pick, { ipa }) => {
      const type = pick.of(say.frames[model])
      return [say.place(type, pick.of(say.atLimit(ipa, type)))]
    }),
    onGic((model, pick, { ipa, vcpus }) =>
      model === 'v2' || vcpus.length === 0
        ? []
        : [
            say.place('KVM_VGIC_V3_ADDR_TYPE_REDIST', pick.of(say.atLimit(ipa, 'KVM_VGIC_V3_ADDR_TYPE_REDIST'))),
            ...(pick.once(2) ? [`vm: KVM_CREATE_VCPU(${vcpus.length})`] : []),
            say.init(vcpus[0]!, '0'),
            say.place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
            say.CTRL_INIT,
            `${vcpus[0]}: KVM_RUN(immediate_exit)`,
          ],
    ),
    onGic((model, pick, { ipa, vcpus }) =>
      model === 'v3' || vcpus.length === 0
        ? []
        : [
            ...say.frames.v2.map((type) => say.place(type, pick.of(say.atLimit(ipa, type)))),
            say.init(vcpus[0]!, '0'),
            `${vcpus[0]}: KVM_RUN(immediate_exit)`,
          ],
    ),
    onGic((model, pick, { ipa }) =>
      model === 'v3'
        ? []
        : [say.oldPlace(pick.of(say.frames.v2), pick.of(say.atLimit(ipa, 'KVM_VGIC_V2_ADDR_TYPE_CPU')))],
    ),
    (scene, pick) =>
      scene.devices.includes('its')
        ? [say.place('KVM_VGIC_ITS_ADDR_TYPE', pick.of(say.atLimit(scene.ipa, 'KVM_VGIC_ITS_ADDR_TYPE')), 'its')]
        : [],
    (_, pick) => [`kvm: KVM_CREATE_VM(${pick.of(say.ipaSizes)})`],
  ]),
}

/** Over-rejection after a fix: an illegal call, and its legal neighbour, which must not be refused with it. */
const overRejection: Bias = {
  name: 'over-rejection after a fix',
  weight: 5,
  lines: oneOf([
    onVcpu((v, pick) => pick.of(say.neighbouringFeatures).map((set) => say.init(v, set))),
    (scene, pick) =>
      scene.vcpus.length < 2
        ? []
        : pick.of(say.neighbouringFeatures).map((set, i) => say.init(scene.vcpus[i % 2]!, set)),
    onVcpu((v, pick) => pick.of(say.neighbouringValues).map((setting) => `${v}: KVM_SET_ONE_REG(${setting})`)),
    onVcpu((v, pick) => pick.of(say.neighbouringIds).map((id) => `${v}: KVM_GET_ONE_REG(${id})`)),
    onVm((pick) => pick.of(say.neighbouringSlots)),
    onVm((pick) => pick.of(say.neighbouringVcpus)),
    onGic((model, pick) => pick.of(say.neighbouringAttributes[model])),
    (_, pick) => pick.of(say.neighbouringVms),
  ]),
}

/** Creation and destruction on error paths: the same thing made twice, too late, in vain, and again. */
const createDestroy: Bias = {
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
            say.place(...pick.of(say.scarceRegions)),
            `vm: KVM_CREATE_VCPU(${pick.nat(vcpus.length)})`,
            `vm: KVM_CREATE_VCPU(${vcpus.length})`,
            `vm: KVM_CREATE_VCPU(${vcpus.length + 1})`,
            ...vcpus.slice(0, 1).map((v) => `${v}: KVM_RUN(immediate_exit)`),
          ],
    ),
    onVm((pick) => [
      `vm: KVM_CREATE_DEVICE(${pick.of(say.deviceNames)})`,
      pick.of(['vm: KVM_CREATE_IRQCHIP', `vm: KVM_CREATE_DEVICE(${pick.of(say.deviceNames)})`]),
    ]),
    onVcpu((v, pick) => [
      say.init(v, '0'),
      `${v}: KVM_RUN(immediate_exit)`,
      `vm: KVM_CREATE_DEVICE(${pick.of(say.deviceNames)})`,
      pick.of(['vm: KVM_CREATE_IRQCHIP', 'vm: KVM_CREATE_VCPU(1)']),
    ]),
    onGic((_, pick, { vcpus }) => [
      ...(pick.once(2) ? [say.CTRL_INIT] : []),
      ...vcpus.slice(0, 1).map((v) => `${v}: KVM_RUN(immediate_exit)`),
      `vm: KVM_CREATE_VCPU(${vcpus.length})`,
      pick.of(say.reads)('vcpu0'),
    ]),
    onVm((pick, { ipa }) => {
      const slot = pick.nat(1)
      return [
        say.slot(slot, pick.of(say.goodMemory(ipa))),
        say.slot(slot, pick.of(say.noMemory)),
        say.slot(slot, pick.of(say.noMemory)),
      ]
    }),
  ]),
}

/** A list that is not stable: the same list of registers, asked for before and after all that may change it. */
const listStability: Bias = {
  name: 'list not stable',
  weight: 2,
  lines: onVcpu((v, pick) => {
    const list = `${v}: KVM_GET_REG_LIST(n = ${pick.of(['1000', '1000', '0', '1'])})`
    const change = pick.of([
      `${v}: KVM_RUN(immediate_exit)`,
      say.init(v, pick.of(say.featureSets)),
      `${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`,
      `${v}: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)`,
      `${v}: KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 0), &reset)`,
    ])
    return [list, change, `${v}: KVM_GET_REG_LIST(n = 1000)`]
  }),
}

/** Documentation and code disagree: calls that one of the two refuses otherwise, or not at all. */
const docDisagrees: Bias = {
  name: 'documentation and code disagree',
  weight: 4,
  lines: oneOf([
    onVcpu((v, pick) => [
      say.init(v, pick.of(['0', 'KVM_ARM_VCPU_PSCI_0_2'])),
      `${v}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`,
    ]),
    onVcpu((v, pick) => [say.init(v, pick.of(say.featureSets)), `${v}: ${pick.of(say.disputedRegisters)}`]),
    onVm((pick) => pick.of(say.disputedOnVm)),
    onGic((model, pick) => pick.of(say.disputed[model])),
    // Overlaps are found out by KVM_RUN alone.
    onGic((model, pick, { vcpus }) => [
      ...pick.of(say.overlapping[model]),
      ...vcpus.slice(0, 1).flatMap((v) => [say.init(v, '0'), say.CTRL_INIT, `${v}: KVM_RUN(immediate_exit)`]),
    ]),
    onGic((model, pick) => (model === 'v2' ? [] : [0, 1, 2].map(() => pick.of(say.oldRegions)))),
    (scene, pick) => (scene.devices.includes('device') ? pick.of(say.files) : []),
    (scene, pick) => (scene.devices.includes('its') ? pick.of(say.disputed.its) : []),
    onVm(() => ['vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)', 'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)']),
    onVcpu((v, pick) => [`${v}: KVM_SET_VCPU_EVENTS(${pick.of(say.events)})`, `${v}: KVM_GET_VCPU_EVENTS`]),
  ]),
}

/** All of them; leave one out to see what it is good for. */
export const biases: readonly Bias[] = [
  leavesState,
  tooEarly,
  initRunInit,
  ipaLimit,
  overRejection,
  createDestroy,
  listStability,
  docDisagrees,
]
