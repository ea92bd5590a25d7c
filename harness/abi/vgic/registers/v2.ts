/** The frames of a GICv2, the distributor and the CPU interface: vgic_v2_dist_registers and vgic_v2_cpu_registers. */
import { inReleases } from '../../../model/in-releases.ts'
import { deviceTypes } from '../../../names/index.ts'
import { gicc, gicd, gicdV2 } from '../../../names/gic-registers.ts'
import { held, hold, loseAll } from './held.ts'
import { identification } from './identification.ts'
import {
  clearActive,
  clearEnable,
  configuration,
  group,
  priority,
  setActive,
  setEnable,
  targets,
} from './interrupts.ts'
import { constant, perIrq, placed, zero, type At, type Place, type Register } from './register.ts'
import { clearPendingOfAll, clearSenders, setPendingFromItself, setSenders, softwareInterrupt } from './sgis.ts'

const control: Register = {
  reads: ({ vgic }) => held(vgic.held, 'GICD_CTLR', 'shared', 0, 0n),
  writes: ({ vgic }, value) => hold(vgic.held, 'GICD_CTLR', 'shared', 0, value & 1n),
}
const type: Register = {
  reads: ({ here: { vm }, vgic }) => BigInt(vgic.nrIrqs / 32 - 1 + ((vm.vcpus.length - 1) << 5)),
}
/** A write tells that userspace knows of groups: only from then on they can be changed. */
const identity: Register = {
  reads: identification.reads,
  writes: (at, value) => {
    identification.writes!(at, value)
    hold(at.vgic.held, 'groups', 'shared', 0, 1n)
  },
}
const groupIfTold: Register = {
  reads: group.reads,
  writes: (at, value) => {
    const told = held(at.vgic.held, 'groups', 'shared', 0, 0n)
    if (told === 1n) group.writes!(at, value)
    if (told === undefined) loseAll(at.vgic.held)
  },
}

const indexOf = ({ here: { vm }, cpu }: At) => vm.vcpus.indexOf(cpu)
const idOf = ({ cpu }: At) => cpu.id

export const distributorV2: readonly Place[] = [
  placed(gicd.GICD_CTLR, control),
  placed(gicd.GICD_TYPER, type),
  placed(gicd.GICD_IIDR, identity),
  perIrq(gicd.GICD_IGROUPR, 1, groupIfTold),
  perIrq(gicd.GICD_ISENABLER, 1, setEnable),
  perIrq(gicd.GICD_ICENABLER, 1, clearEnable),
  perIrq(gicd.GICD_ISPENDR, 1, setPendingFromItself),
  perIrq(gicd.GICD_ICPENDR, 1, clearPendingOfAll),
  perIrq(gicd.GICD_ISACTIVER, 1, setActive),
  perIrq(gicd.GICD_ICACTIVER, 1, clearActive),
  perIrq(gicd.GICD_IPRIORITYR, 8, priority),
  ...inReleases({ until: '7.2' }, perIrq(gicd.GICD_ITARGETSR, 8, targets(indexOf))),
  ...inReleases({ since: '7.2' }, perIrq(gicd.GICD_ITARGETSR, 8, targets(idOf))),
  perIrq(gicd.GICD_ICFGR, 2, configuration),
  placed(gicdV2.GICD_SGIR, softwareInterrupt),
  placed(gicdV2.GICD_CPENDSGIR, clearSenders),
  placed(gicdV2.GICD_SPENDSGIR, setSenders),
]

/** A host that can do both GICv2 and GICv3 keeps the CPU interface of a GICv2 in that of its GICv3: not recorded. */
const isOfV3 = ({ here: { host } }: At) => host.devices.includes(deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V3)

/** A register of the CPU interface, of which those bits are there. */
const ofCpu = (name: string, mask: bigint): Register => ({
  reads: (at) => (isOfV3(at) ? undefined : held(at.vgic.held, name, at.cpu.id, at.index, 0n)),
  writes: (at, value) => hold(at.vgic.held, name, at.cpu.id, at.index, value & mask),
})
const ENABLES = 3n
const interfaceControl: Register = {
  ...ofCpu('GICC_CTLR', 0x21fn),
  writes: (at, value) => {
    ofCpu('GICC_CTLR', 0x21fn).writes!(at, value)
    if (value & ENABLES) at.vgic.delivers = true
  },
}
/** Of the four active priority registers a GICv2 has the first. */
const activePriorities: Register = {
  reads: (at) => (at.index === 0 || isOfV3(at) ? ofCpu('GICC_APR', 0n).reads(at) : 0n),
  writes: (at, value) => {
    if (at.index === 0) ofCpu('GICC_APR', 0xffff_ffffn).writes!(at, value)
  },
}

/** What a run of the vcpu carries through the hardware. */
export const hardwareV2 = ['GICC_CTLR', 'GICC_PMR', 'GICC_BPR', 'GICC_ABPR', 'GICC_APR']

export const interfaceV2: readonly Place[] = [
  placed(gicc.GICC_CTLR, interfaceControl),
  // The upper five bits of the priority, in the lower bits here.
  placed(gicc.GICC_PMR, ofCpu('GICC_PMR', 0x1fn)),
  placed(gicc.GICC_BPR, ofCpu('GICC_BPR', 7n)),
  placed(gicc.GICC_ABPR, ofCpu('GICC_ABPR', 7n)),
  placed(gicc.GICC_APR, activePriorities),
  placed(gicc.GICC_IIDR, constant(0x04b2_043bn)),
  ...inReleases<Place>({ since: '6.19' }, placed(gicc.GICC_DIR, zero)),
]
