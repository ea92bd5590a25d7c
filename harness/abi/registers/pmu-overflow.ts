/**
 * Whether a PMU raises its interrupt: what userspace has written to its registers, since no guest program touches them.
 */
import { holdsIn, type Dated } from '../../model/release.ts'
import { features } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { PmuState, Vcpu } from '../../model/vcpu.ts'
import { countersOf, pairs, PMCR_EL0 } from './pmu.ts'
import type { RegisterRow } from './table.ts'

const PMU = 1 << features.KVM_ARM_VCPU_PMU_V3

/** Registers by id; of a pair the second clears what the first sets, where it is no other name of it. */
const [counting, overflown, interrupts] = pairs
const parts: readonly (readonly [part: keyof PmuState, set: bigint, clear?: bigint])[] = [
  ['pmcr', PMCR_EL0],
  ['overflown', overflown.set, overflown.clear],
  ['interrupts', interrupts.set, interrupts.clear],
  ['counting', counting.set, counting.clear],
]

/** KVM_SET_ONE_REG. `rowOf`: of the vcpu. */
export const setPmu = (vcpu: Vcpu, { id, write }: RegisterRow, value: bigint, rowOf: RowOf): void => {
  const found = parts.find(([, set, clear]) => set === id || clear === id)
  if (!found) return
  const [part, , clear] = found
  const before = partOf(vcpu, part, rowOf)
  const after =
    write !== 'loose' ? value : before === undefined ? undefined : clear === id ? before & ~value : before | value
  vcpu.pmu = { ...vcpu.pmu, [part]: after }
}
type RowOf = (id: bigint) => RegisterRow | undefined

const partOf = ({ pmu = {} }: Vcpu, part: keyof PmuState, rowOf: RowOf): bigint | undefined =>
  part in pmu ? pmu[part] : rowOf(parts.find(([name]) => name === part)![1])?.reset

const ENABLE = 1n
/** The counter of cycles, which every PMU has. */
const CYCLES = 1n << 31n

/** Until then a counter that was stopped told nothing of its overflow. */
const asksWhatCounts: Dated = { until: '6.1' }

/** True where it does; undefined: nobody can tell. */
export const isOverflown = ({ world, vcpu }: Here, rowOf: RowOf): boolean | undefined => {
  if ((vcpu.features & PMU) === 0 || !vcpu.hasPmuInit) return false
  const [pmcr, overflown, interrupts, counting] = parts.map(([part]) => partOf(vcpu, part, rowOf))
  if (pmcr === undefined) return undefined
  if ((pmcr & ENABLE) === 0n) return false
  if (overflown === undefined || interrupts === undefined || counting === undefined) return undefined
  const told = overflown & interrupts & (holdsIn(world.release, asksWhatCounts) ? counting : ~0n)
  if ((told & CYCLES) !== 0n) return true
  // What counts may come to its end, and counters that are not there tell nothing.
  return told === 0n && counting === 0n ? false : undefined
}

/** What a register that was written reads; undefined: nobody can tell, or it was not written. `rowOf`: of the vcpu. */
export const pmuValue = ({ vm, vcpu }: Here, { id, write }: RegisterRow, rowOf: RowOf): bigint | undefined => {
  const part = parts.find(([, ...ids]) => ids.includes(id))?.[0]
  const value = part && part !== 'pmcr' ? vcpu.pmu?.[part] : undefined
  if (value === undefined || (part === 'overflown' && vcpu.entered && vcpu.pmu?.counting !== 0n)) return undefined
  // A VM with fewer counters than the CPU keeps the bits of those that it had at each write.
  if (vm.pmuCounters !== undefined && (value & ~CYCLES) !== 0n) return undefined
  if (typeof write === 'object' && 'keeps' in write) return value & BigInt(`0x${write.keeps}`)
  if (write === 'loose') return value & countersOf(rowOf(PMCR_EL0)?.reset ?? 0n)
  return write === 'any' ? value : undefined
}
