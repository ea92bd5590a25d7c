/** The frames of a GICv3: vgic_v3_dist_registers, and vgic_v3_rd_registers with both frames of a redistributor. */
import { inReleases } from '../../../model/in-releases.ts'
import { gicd, gicr } from '../../../names/gic-registers.ts'
import { held, hold } from './held.ts'
import { identification } from './identification.ts'
import {
  clearActive,
  clearEnable,
  configuration,
  group,
  pendingLatch,
  priority,
  router,
  setActive,
  setEnable,
  sharedOnly,
} from './interrupts.ts'
import { lpiControl, pendingTable, propertyTable } from './lpis.ts'
import { constant, perIrq, placed, zero, type Place, type Register } from './register.ts'
import { type } from './redistributor-type.ts'

const ENABLE = 2n
const WITHOUT_ACTIVE_SGIS = 0x100n
/** Affinity routing, one security state. */
const FIXED = 0x50n

const control: Register = {
  reads: ({ vgic }) => {
    const value = held(vgic.held, 'GICD_CTLR', 'shared', 0, 0n)
    return value === undefined ? undefined : FIXED | value
  },
  // Only a host whose GICD_TYPER2 says so has SGIs without an active state.
  writes: ({ here: { host }, vgic }, value) =>
    hold(
      vgic.held,
      'GICD_CTLR',
      'shared',
      0,
      (value & WITHOUT_ACTIVE_SGIS) !== 0n && host.gicv3?.typer2 !== '0' ? undefined : value & ENABLE,
    ),
}
/** How many interrupts there are; with an ITS there are LPIs, and more bits of an interrupt's number. */
const distributorType: Register = {
  reads: ({ here: { vm }, vgic }) =>
    BigInt(vgic.nrIrqs / 32 - 1) | (vm.hasIts ? (15n << 19n) | (1n << 17n) : 9n << 19n),
}
/** GICD_TYPER2: the host's, as it was recorded. */
const secondType: Register = {
  reads: ({ here: { host } }) => (host.gicv3 === undefined ? undefined : BigInt(`0x${host.gicv3.typer2}`)),
}
const pidr2: Register = { reads: ({ index }) => (index === 6 ? 0x3bn : 0n) }

/** Registers of 1,024 interrupts, of which those of the first 32 are the redistributors'. */
const shared = (range: readonly [number, number], bits: number, is: Register): Place =>
  perIrq(range, bits, sharedOnly(bits, is))

export const distributorV3: readonly Place[] = [
  placed(gicd.GICD_CTLR, control),
  placed(gicd.GICD_TYPER, distributorType),
  placed(gicd.GICD_IIDR, identification),
  placed(gicd.GICD_TYPER2, secondType),
  placed(gicd.GICD_STATUSR, constant(0xffff_ffffn)),
  shared(gicd.GICD_IGROUPR, 1, group),
  shared(gicd.GICD_ISENABLER, 1, setEnable),
  shared(gicd.GICD_ICENABLER, 1, clearEnable),
  shared(gicd.GICD_ISPENDR, 1, pendingLatch),
  shared(gicd.GICD_ICPENDR, 1, zero),
  shared(gicd.GICD_ISACTIVER, 1, setActive),
  shared(gicd.GICD_ICACTIVER, 1, clearActive),
  shared(gicd.GICD_IPRIORITYR, 8, priority),
  shared(gicd.GICD_ITARGETSR, 8, zero),
  shared(gicd.GICD_ICFGR, 2, configuration),
  shared(gicd.GICD_IGRPMODR, 1, zero),
  shared(gicd.GICD_IROUTER, 64, router),
  placed(gicd.GICD_IDREGS, pidr2),
]

/** GICR_STATUSR is not among them: it stands where the kernel's search for it does not come. */
export const redistributorV3: readonly Place[] = [
  placed(gicr.GICR_CTLR, lpiControl),
  placed(gicr.GICR_IIDR, constant(0x4b00_043bn)),
  placed(gicr.GICR_TYPER, type),
  placed(gicr.GICR_WAKER, zero),
  placed(gicr.GICR_PROPBASER, propertyTable),
  placed(gicr.GICR_PENDBASER, pendingTable),
  // Of LPIs, which only an ITS can bring about.
  ...inReleases<Place>(
    { since: '6.1' },
    placed(gicr.GICR_INVLPIR, zero),
    placed(gicr.GICR_INVALLR, zero),
    placed(gicr.GICR_SYNCR, zero),
  ),
  placed(gicr.GICR_IDREGS, pidr2),
  placed(gicr.GICR_IGROUPR0, group),
  placed(gicr.GICR_ISENABLER0, setEnable),
  placed(gicr.GICR_ICENABLER0, clearEnable),
  placed(gicr.GICR_ISPENDR0, pendingLatch),
  placed(gicr.GICR_ICPENDR0, zero),
  placed(gicr.GICR_ISACTIVER0, setActive),
  placed(gicr.GICR_ICACTIVER0, clearActive),
  placed(gicr.GICR_IPRIORITYR0, priority),
  placed(gicr.GICR_ICFGR0, configuration),
  placed(gicr.GICR_IGRPMODR0, zero),
  placed(gicr.GICR_NSACR, zero),
]
