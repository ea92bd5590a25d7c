/** Where the tables of LPIs are, and whether a redistributor looks at its own. */
import type { Vm } from '../../../model/vm.ts'
import { held } from './held.ts'

/** What GICR_PROPBASER and GICR_PENDBASER hold at first: cached, inner shareable. */
export const INITIALLY = 0x580n
/** Of GICR_PENDBASER: the table is all zero, and need not be read. */
export const PENDING_TABLE_ZERO = 1n << 62n
export const ENABLE_LPIS = 1n

const BITS = 0x1fn
/** As many bits as an ITS gives to the numbers of interrupts. */
const MOST_BITS = 16n

const property = ({ vgic }: Vm) => held(vgic!.held, 'GICR_PROPBASER', 'shared', 0, INITIALLY)

/** Of a VM with an ITS; undefined: nobody knows. */
export const propertyBase = (vm: Vm): bigint | undefined => {
  const value = property(vm)
  return value === undefined ? undefined : value & 0xf_ffff_ffff_f000n
}

/** The first number that no LPI has. */
export const endOfLpis = (vm: Vm): number | undefined => {
  const value = property(vm)
  if (value === undefined) return undefined
  const bits = (value & BITS) + 1n
  return 2 ** Number(bits < MOST_BITS ? bits : MOST_BITS)
}

export const pendingBase = ({ vgic }: Vm, cpu: number): bigint | undefined => {
  const value = held(vgic!.held, 'GICR_PENDBASER', cpu, 0, INITIALLY)
  return value === undefined ? undefined : value & 0xf_ffff_ffff_0000n
}

/** GICR_CTLR.EnableLPIs of the vcpu. */
export const areLpisEnabled = ({ vgic }: Vm, cpu: number): boolean =>
  held(vgic!.held, 'GICR_CTLR', cpu, 0, 0n) === ENABLE_LPIS
