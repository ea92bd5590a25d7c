/** Interrupts that the guest of a GICv3 sends to vcpus, its own among them. */
import type { Here } from '../../model/world.ts'
import { MPIDR_EL1 } from '../registers/mpidr.ts'
import { affinityOf } from './affinity.ts'
import { held } from './registers/held.ts'
import { setWord, wordOf, type Kept } from './registers/interrupts.ts'

const field = (value: bigint, at: bigint, bits: number): bigint => BigInt.asUintN(bits, value >> at)

/** Whether a write of ICC_SGI1R_EL1, or of its like, means this affinity: of a cluster, any of the first sixteen. */
const isMeant = (value: bigint, affinity: bigint): boolean => {
  const cluster = (field(value, 48n, 8) << 24n) | (field(value, 32n, 8) << 16n) | (field(value, 16n, 8) << 8n)
  const n = affinity & 0xffn
  return n < 16n && (affinity & ~0xffn) === cluster && field(value, n, 1) === 1n
}

/**
 * What becomes of a write of one of the three registers: an interrupt that is in group 0 can be sent by each of them, one in
 * group 1 by ICC_SGI1R_EL1 alone. undefined: nobody has looked.
 */
export const sent = (
  here: Here,
  { isGroup1 }: { isGroup1: boolean },
  value: bigint | undefined,
): ((then: Here) => void) | undefined => {
  const { vm, vcpu } = here
  const { vgic } = vm
  // What a distributor that is on gives to whom, and when, nobody has looked.
  if (
    value === undefined
    || vgic?.model !== 'v3'
    || !vgic.initialised
    || held(vgic.held, 'GICD_CTLR', 'shared', 0, 0n) !== 0n
  )
    return undefined
  // Nor whom a kernel finds by an affinity that several have, or that was written once one of them had run.
  if (vm.vcpus.some(({ initialised, regs }) => !initialised || regs.has(MPIDR_EL1))) return undefined
  const isForOthers = field(value, 40n, 1) === 1n
  const bit = 1n << field(value, 24n, 4)
  const targets = vm.vcpus.filter((one) => (isForOthers ? one !== vcpu : isMeant(value, affinityOf(one))))
  const wordAt = (then: Here, name: Kept, cpu: (typeof targets)[number]) =>
    wordOf({ here: then, vgic: then.vm.vgic!, cpu, index: 0 }, name, cpu.id, 0)
  if (targets.some((cpu) => wordAt(here, 'group', cpu) === undefined)) return undefined
  const raised = targets.filter((cpu) => isGroup1 || (wordAt(here, 'group', cpu)! & bit) === 0n)
  return (then) => {
    for (const cpu of raised) {
      const pending = wordAt(then, 'pending', cpu)
      const now = pending === undefined ? undefined : pending | bit
      setWord({ here: then, vgic: then.vm.vgic!, cpu, index: 0 }, 'pending', cpu.id, 0, now)
    }
  }
}
