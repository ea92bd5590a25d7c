/** KVM_ARM_VCPU_PMU_V3_CTRL: what the performance monitors of a vcpu are made of, and what they may count. */
import { hasPmu } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { doc, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { pmuAttrs, vcpuGroups } from '../../names/index.ts'
import type { Attr } from '../args/attr.ts'
import { ofGroup, unknown, unwritable, VCPU_RST } from './attributes.ts'
import { counters, hasPmuOfVcpu, hasPmuOfVm, isUntriedPmu } from './pmu-host.ts'
import { inPmu, noVgic, ofEachAttr, setAttr } from './pmu-rows.ts'

const GROUP = vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL
const {
  KVM_ARM_VCPU_PMU_V3_IRQ: IRQ,
  KVM_ARM_VCPU_PMU_V3_INIT: INIT,
  KVM_ARM_VCPU_PMU_V3_FILTER: FILTER,
  KVM_ARM_VCPU_PMU_V3_SET_PMU: SET_PMU,
  KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS: SET_NR_COUNTERS,
} = pmuAttrs
const ofPmu = (rows: readonly Refusal<Attr>[]) => ofGroup(GROUP, 'KVM_ARM_VCPU_PMU_V3_CTRL', rows)
/** Rows of the vcpu's own features up to 6.7, and of those of its VM since. */
const withoutPmu = (row: Omit<Refusal<Attr>, 'when'>): Refusal<Attr>[] => [
  ...inReleases({ until: '6.7', variant: 'of the vcpu' }, { ...row, when: (here: Here) => !hasPmuOfVcpu(here) }),
  ...inReleases(
    { since: '6.7', variant: 'of the VM', says: 'The VM has KVM_ARM_VCPU_PMU_V3, if through another vcpu.' },
    { ...row, when: (here: Here) => !hasPmuOfVm(here) },
  ),
]
/** 5.10 gives the feature without a PMU, and KVM_GET_DEVICE_ATTR does not notice. */
const noPmuOfHost = {
  why: 'no PMU',
  variant: 'of the host',
  says: 'The host has a PMU.',
  lacks: () => 'KVM_CAP_ARM_PMU_V3 = 0',
  until: '6.1',
  when: ({ host }: Here) => !hasPmu(host),
} as const
const noPmu = withoutPmu({
  why: 'no PMU',
  says: 'The vcpu has KVM_ARM_VCPU_PMU_V3.',
  cite: doc(VCPU_RST, '-ENODEV KVM_ARM_VCPU_PMU_V3 feature missing from VCPU'),
  errno: 'ENODEV',
})

/** The number of the last attribute that a release has. */
const unknownAfter = (last: number, since: string | undefined, until: string | undefined): Refusal<Attr>[] =>
  inReleases(
    { ...(since && { since }), ...(until && { until }), variant: `PMU after ${last}` },
    unknown((_, { attr }) => attr > BigInt(last)),
  )
const ofOthers = (rows: readonly Refusal<Attr>[]) => rows.map((row) => ({ ...row, of: { attr: 'other attributes' } }))
const unknownAttr = ofOthers([
  ...unknownAfter(FILTER, undefined, '5.18'),
  ...unknownAfter(SET_PMU, '5.18', '6.16'),
  ...unknownAfter(SET_NR_COUNTERS, '6.16', undefined),
])
export const setPmuAttr: readonly Refusal<Attr>[] = ofPmu([
  ...noPmu,
  { ...noPmuOfHost, cite: setAttr, errno: 'ENODEV' },
  {
    why: 'no PMU',
    variant: 'of the host, after a call that failed',
    says: 'The host has a PMU. KVM_ARM_VCPU_INIT that failed with -ENOENT may have left the feature without one.',
    cite: setAttr,
    since: '6.1',
    until: '6.12',
    errno: 'ENODEV',
    when: ({ host }) => !hasPmu(host),
    lacks: () => 'KVM_CAP_ARM_PMU_V3 = 0',
    unseen: 'no 6.1 on a machine without a PMU was recorded',
  },
  {
    why: 'PMU initialised',
    says: 'After KVM_ARM_VCPU_PMU_V3_INIT nothing more can be told.',
    cite: doc(VCPU_RST, '-EBUSY PMUv3 already initialized'),
    errno: 'EBUSY',
    when: ({ vcpu }) => vcpu.hasPmuInit === true,
  },
  ...ofEachAttr,
  ...unknownAttr,
])

export const getPmuAttr: readonly Refusal<Attr>[] = ofPmu([
  unknown((_, { attr }) => attr !== BigInt(IRQ)),
  noVgic,
  ...noPmu,
  {
    why: 'no interrupt',
    says: 'The interrupt was told.',
    cite: doc(VCPU_RST, '-ENXIO PMUv3 not supported or the overflow interrupt not set'),
    errno: 'ENXIO',
    when: ({ vcpu }) => vcpu.pmuIrq === undefined,
  },
  unwritable,
])

export const hasPmuAttr: readonly Refusal<Attr>[] = ofPmu([
  ...unknownAttr,
  ...withoutPmu({
    why: 'no PMU',
    says: 'The vcpu has KVM_ARM_VCPU_PMU_V3.',
    cite: inPmu('kvm_arm_pmu_v3_has_attr'),
    errno: 'ENXIO',
  }),
  { ...noPmuOfHost, cite: inPmu('kvm_arm_pmu_v3_has_attr'), errno: 'ENXIO' },
])

/** True for a PMU of which nobody knows whether the host has it. */
export const isUntried = ({ host }: Here, { on, group, attr, value = 0n }: Attr): boolean =>
  on === 'vcpu' && group === GROUP && attr === BigInt(SET_PMU) && isUntriedPmu(host, Number(value))

/** KVM_SET_DEVICE_ATTR. */
export const setsPmuAttr = ({ host, vm, vcpu }: Here, { attr, value = 0n }: Attr): void => {
  if (attr === BigInt(IRQ)) vcpu.pmuIrq = Number(value)
  if (attr === BigInt(SET_NR_COUNTERS)) vm.pmuCounters = Number(value)
  if (attr === BigInt(SET_PMU)) {
    vm.hasChosenPmu = true
    if (vm.pmuCounters !== undefined) vm.pmuCounters = counters(host)
  }
  if (attr !== BigInt(INIT)) return
  vcpu.hasPmuInit = true
  if (vm.vgic) vcpu.irqOwners = new Map(vcpu.irqOwners).set(vcpu.pmuIrq!, 'pmu')
}
/** KVM_GET_DEVICE_ATTR. */
export const givesPmuAttr = ({ vcpu }: Here): bigint => BigInt(vcpu.pmuIrq!)
