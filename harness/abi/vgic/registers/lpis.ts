/** Registers of a redistributor about LPIs, the interrupts that an ITS translates to. */
import { held, hold } from './held.ts'
import { loseTranslation } from '../its/translation.ts'
import { disableLpis, enableLpis } from '../its/lpis.ts'
import { revisionOf } from './identification.ts'
import { ENABLE_LPIS, INITIALLY, PENDING_TABLE_ZERO } from './lpi-tables.ts'
import type { At, Register } from './register.ts'
import { sanitised, withHalf } from './sanitised.ts'

/** Invalidation registers are there, and LPIs can be disabled again: said from revision 3 on. */
const REVISION_3 = 6n
const cachedAt = { shareability: 10n, inner: 7n, outer: 56n }
const PROPERTY_RES0 = (0x1fn << 59n) | (0xfn << 52n) | (3n << 5n)
const PENDING_RES0 = (1n << 63n) | (7n << 59n) | (0xfn << 52n) | (0xfn << 12n) | 0x7fn

const enabled = ({ vgic, cpu }: At) => held(vgic.held, 'GICR_CTLR', cpu.id, 0, 0n)

/** GICR_CTLR: without an ITS nothing can be enabled. */
export const lpiControl: Register = {
  reads: (at) => {
    const [value, revision] = [enabled(at), revisionOf(at)]
    if (value === undefined || revision === undefined) return undefined
    return value | (revision >= 3n ? REVISION_3 : 0n)
  },
  writes: (at, value) => {
    const [old, now] = [enabled(at), value & ENABLE_LPIS]
    if (!at.here.vm.hasIts || old === now) return
    hold(at.vgic.held, 'GICR_CTLR', at.cpu.id, 0, now)
    const table = held(at.vgic.held, 'GICR_PENDBASER', at.cpu.id, 0, INITIALLY)
    if (old === undefined || table === undefined) loseTranslation(at.here)
    else if (now === 0n) disableLpis(at.here, at.cpu.id)
    else if ((table & PENDING_TABLE_ZERO) === 0n) enableLpis(at.here, at.cpu.id)
  },
}

/** A table's register, in two halves; it cannot be changed once LPIs are enabled. */
const table = (
  whole: (at: At) => bigint | undefined,
  keep: (at: At, value: bigint | undefined) => void,
  unread: bigint,
  res0: bigint,
): Register => ({
  reads: (at) => {
    const value = whole(at)
    return value === undefined ? undefined : ((value & ~unread) >> BigInt(at.index * 32)) & 0xffff_ffffn
  },
  writes: (at, word) => {
    const [value, lpis] = [whole(at), enabled(at)]
    if (value === undefined || lpis === undefined) keep(at, undefined)
    else if (lpis === 0n) keep(at, sanitised(withHalf(value, at.index, word), cachedAt) & ~res0)
  },
})

/** GICR_PROPBASER, one for all vcpus; it is set to its first value by each ITS that is made. */
export const propertyTable = table(
  ({ here: { vm }, vgic }) => held(vgic.held, 'GICR_PROPBASER', 'shared', 0, vm.hasIts ? INITIALLY : 0n),
  ({ vgic }, value) => hold(vgic.held, 'GICR_PROPBASER', 'shared', 0, value),
  0n,
  PROPERTY_RES0,
)

export const pendingTable = table(
  ({ vgic, cpu }) => held(vgic.held, 'GICR_PENDBASER', cpu.id, 0, INITIALLY),
  ({ vgic, cpu }, value) => hold(vgic.held, 'GICR_PENDBASER', cpu.id, 0, value),
  PENDING_TABLE_ZERO,
  PENDING_RES0,
)
