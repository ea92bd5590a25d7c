/** The state of an interrupt controller, in the order in which the documentation of its device restores it. */
import { hex } from '../../harness/model/scalar.ts'
import { vgicGroups } from '../../harness/names/index.ts'
import { gicc, gicd, gicr, gits, icc } from '../../harness/names/gic-registers.ts'
import { messagePieces, restoreLine, tablePieces } from './its-state.ts'
import { NR_IRQS, VCPUS, type MigratedVm } from './vm.ts'
import { type StatePiece } from './state.ts'

type Group = keyof typeof vgicGroups

const attribute = (
  device: 'gic' | 'its',
  group: Group,
  attr: bigint,
  name: string,
  before: string[] = [],
): StatePiece => ({
  kind: 'interrupt controller',
  what: `${group}, ${hex(attr)}`,
  name,
  read: `${device}: KVM_GET_DEVICE_ATTR(${group}, ${hex(attr)}, &0x0)`,
  write: (value) => [...before, `${device}: KVM_SET_DEVICE_ATTR(${group}, ${hex(attr)}, &${hex(value)})`],
})

/** A register of 32 bits of the device, for the vcpu whose bits stand above it. */
const word = (group: Group, name: string, at: number, vcpu = 0n, before: string[] = []): StatePiece =>
  attribute('gic', group, (vcpu << 32n) | BigInt(at), name, before)

const WHOLE = '&0xffffffff'
/** Words of registers that can only be set are cleared through their counterpart before. */
const cleared = (group: Group, at: number, vcpu = 0n): string[] => [
  `gic: KVM_SET_DEVICE_ATTR(${group}, ${hex((vcpu << 32n) | BigInt(at))}, ${WHOLE})`,
]

const steps = (from: number, to: number): number[] => Array.from({ length: (to - from) / 4 }, (_, i) => from + i * 4)

/** Registers of the shared interrupts: those from the first word that is no vcpu's own. */
const shared = (group: Group, first: number): StatePiece[] => {
  const bits = (at: number, perIrq: number) => steps(at + (first * perIrq) / 8, at + (NR_IRQS * perIrq) / 8)
  return [
    ...bits(gicd.GICD_IGROUPR[0], 1).map((at) => word(group, 'GICD_IGROUPR', at)),
    ...bits(gicd.GICD_ICFGR[0], 2).map((at) => word(group, 'GICD_ICFGR', at)),
    ...bits(gicd.GICD_IPRIORITYR[0], 8).map((at) => word(group, 'GICD_IPRIORITYR', at)),
    ...bits(gicd.GICD_ISENABLER[0], 1).map((at) =>
      word(group, 'GICD_ISENABLER', at, 0n, cleared(group, at - gicd.GICD_ISENABLER[0] + gicd.GICD_ICENABLER[0])),
    ),
    ...bits(gicd.GICD_ISPENDR[0], 1).map((at) => word(group, 'GICD_ISPENDR', at)),
    ...bits(gicd.GICD_ISACTIVER[0], 1).map((at) => word(group, 'GICD_ISACTIVER', at)),
  ]
}

const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const SYSREGS = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'
const LEVEL = 'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO'
const ITS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS'

const redistributor = (vcpu: bigint): StatePiece[] => [
  ...steps(gicr.GICR_PROPBASER[0], gicr.GICR_PROPBASER[0] + 8).map((at) => word(REDIST, 'GICR_PROPBASER', at, vcpu)),
  ...steps(gicr.GICR_PENDBASER[0], gicr.GICR_PENDBASER[0] + 8).map((at) => word(REDIST, 'GICR_PENDBASER', at, vcpu)),
  // With LPIs enabled their tables stay where they are.
  word(REDIST, 'GICR_CTLR', gicr.GICR_CTLR[0], vcpu),
  word(REDIST, 'GICR_IGROUPR0', gicr.GICR_IGROUPR0[0], vcpu),
  ...steps(gicr.GICR_ICFGR0[0], gicr.GICR_ICFGR0[0] + 8).map((at) => word(REDIST, 'GICR_ICFGR', at, vcpu)),
  ...steps(gicr.GICR_IPRIORITYR0[0], gicr.GICR_IPRIORITYR0[0] + 32).map((at) =>
    word(REDIST, 'GICR_IPRIORITYR', at, vcpu),
  ),
  word(REDIST, 'GICR_ISENABLER0', gicr.GICR_ISENABLER0[0], vcpu, cleared(REDIST, gicr.GICR_ICENABLER0[0], vcpu)),
  word(REDIST, 'GICR_ISPENDR0', gicr.GICR_ISPENDR0[0], vcpu),
  word(REDIST, 'GICR_ISACTIVER0', gicr.GICR_ISACTIVER0[0], vcpu),
]

/** Of the active priority registers a host may have one only; ICC_SRE_EL1 comes first. */
const cpuInterface = (vcpu: bigint): StatePiece[] =>
  (
    [
      'ICC_SRE_EL1',
      'ICC_CTLR_EL1',
      'ICC_IGRPEN0_EL1',
      'ICC_IGRPEN1_EL1',
      'ICC_PMR_EL1',
      'ICC_BPR0_EL1',
      'ICC_BPR1_EL1',
      'ICC_AP0R0_EL1',
      'ICC_AP1R0_EL1',
    ] as const
  ).map((name) => word(SYSREGS, name, icc[name], vcpu))

const v3 = (): StatePiece[] => [
  word(DIST, 'GICD_IIDR', gicd.GICD_IIDR[0]),
  word(DIST, 'GICD_CTLR', gicd.GICD_CTLR[0]),
  ...VCPUS.flatMap((vcpu) => redistributor(BigInt(vcpu))),
  ...shared(DIST, 32),
  ...Array.from({ length: NR_IRQS - 32 }, (_, i) => gicd.GICD_IROUTER[0] + (32 + i) * 8).map((at) =>
    word(DIST, 'GICD_IROUTER', at),
  ),
  ...steps(0, NR_IRQS / 8).map((_, i) => word(LEVEL, 'the levels of lines', i * 32)),
  ...VCPUS.flatMap((vcpu) => cpuInterface(BigInt(vcpu))),
]

const V2_CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_REGS'
const v2 = (): StatePiece[] => [
  word(DIST, 'GICD_IIDR', gicd.GICD_IIDR[0]),
  word(DIST, 'GICD_CTLR', gicd.GICD_CTLR[0]),
  ...shared(DIST, 0),
  ...steps(gicd.GICD_ITARGETSR[0] + 32, gicd.GICD_ITARGETSR[0] + NR_IRQS).map((at) => word(DIST, 'GICD_ITARGETSR', at)),
  ...VCPUS.flatMap((vcpu) =>
    (['GICC_CTLR', 'GICC_PMR', 'GICC_BPR', 'GICC_ABPR'] as const).map((name) =>
      word(V2_CPU, name, gicc[name][0], BigInt(vcpu)),
    ),
  ),
]

/** devices/arm-vgic-its.rst: the queue and the tables, what is in them, and GITS_CTLR at last. */
const its = (): StatePiece[] => [
  ...(['GITS_IIDR', 'GITS_CBASER', 'GITS_CREADR', 'GITS_CWRITER'] as const).map((name) =>
    attribute('its', ITS, BigInt(gits[name][0]), name),
  ),
  ...[0, 8].map((n) => attribute('its', ITS, BigInt(gits.GITS_BASER[0] + n), 'GITS_BASER')),
  attribute('its', ITS, BigInt(gits.GITS_CTLR[0]), 'GITS_CTLR', [restoreLine]),
  ...messagePieces,
]

/** The pieces of the interrupt controller that the VM has. */
export const gicPieces = ({ gic, hasIts }: MigratedVm): StatePiece[] => [
  ...(hasIts ? tablePieces : []),
  ...(gic === 'v3' ? v3() : gic === 'v2' ? v2() : []),
  ...(hasIts ? its() : []),
]
