/** Which interrupt a GICv3 has for a guest that asks, and what becomes of it. */
import type { Here } from '../../model/world.ts'
import { affinityOf } from './affinity.ts'
import { held } from './registers/held.ts'
import { setWord, wordOf, type Kept } from './registers/interrupts.ts'
import type { At } from './registers/register.ts'

const OWN = 32
const GROUP_1 = 2n
/** There is none. */
const SPURIOUS = 1023
/** As many bits as any hardware has of a priority. */
const PRIORITY_BITS = 0xf8n
const names = ['enabled', 'pending', 'high', 'edge', 'group'] as const

interface Candidate {
  irq: number
  priority: bigint
}

const at = (here: Here, index: number): At => ({ here, vgic: here.vm.vgic!, cpu: here.vcpu, index })
const bankOf = ({ vcpu }: Here, irq: number) => (irq < OWN ? vcpu.id : 'shared')
const word = (here: Here, name: Kept, irq: number, perWord: number) =>
  wordOf(at(here, 0), name, bankOf(here, irq), Math.floor(irq / perWord))
const ofInterface = ({ vm, vcpu }: Here, name: string) => held(vm.vgic!.held, name, vcpu.id, 0, 0n)

/** Those of 32 interrupts that are pending, enabled and in group 1. */
const raised = (here: Here, first: number): number[] | undefined => {
  const words = names.map((name) => word(here, name, first, 32))
  const [enabled, pending, high, edge, group] = words
  if (enabled === 0n) return []
  if (enabled === undefined || pending === undefined || high === undefined || edge === undefined) return undefined
  const some = enabled & (pending | (high & ~edge))
  if (some === 0n) return []
  // What is active is not raised again, and nobody has looked which comes then.
  if (group === undefined || word(here, 'active', first, 32) !== 0n) return undefined
  return Array.from({ length: 32 }, (_, i) => i)
    .filter((i) => ((some & group) >> BigInt(i)) & 1n)
    .map((i) => first + i)
}

const isOfOther = (here: Here, irq: number): boolean | undefined => {
  if (irq < OWN) return false
  const affinity = word(here, 'affinity', irq, 1)
  return affinity === undefined ? undefined : affinity !== affinityOf(here.vcpu)
}

const candidates = (here: Here): Candidate[] | undefined => {
  const all: Candidate[] = []
  for (let first = 0; first < here.vm.vgic!.nrIrqs; first += 32) {
    const some = raised(here, first)
    if (!some) return undefined
    for (const irq of some) {
      const [priorities, isElsewhere] = [word(here, 'priority', irq, 4), isOfOther(here, irq)]
      if (priorities === undefined || isElsewhere === undefined) return undefined
      const priority = (priorities >> BigInt(8 * (irq % 4))) & 0xffn
      if (!isElsewhere) all.push({ irq, priority })
    }
  }
  for (const [irq, { queued, priority, isPending, isEnabled }] of here.vm.vgic!.lpis)
    if (queued === here.vcpu.id && isPending && isEnabled) all.push({ irq, priority: priority & PRIORITY_BITS })
  return all
}

/** The interrupt that the guest is given, 1023 where there is none; undefined: nobody has looked. */
export const acknowledged = (here: Here): number | undefined => {
  const { vm, vcpu } = here
  if (
    vm.vgic?.model !== 'v3'
    || !vm.vgic.initialised
    || vm.vcpus.length > 1
    || vm.isTranslationLost
    || vcpu.isLost
    || vm.vgic.isRerouted
  )
    return undefined
  const all = candidates(here)
  const control = held(vm.vgic.held, 'GICD_CTLR', 'shared', 0, 0n)
  const [mask, isOn, mode, active] = ['PMR', 'IGRPEN1', 'EOImode', 'AP1R'].map((name) => ofInterface(here, name))
  if (!all || control === undefined || mask === undefined || isOn === undefined) return undefined
  if (mode !== 0n || active !== 0n) return undefined
  if ((control & GROUP_1) === 0n || isOn === 0n) return SPURIOUS
  const [best, next] = all.filter(({ priority }) => priority < mask).toSorted((a, b) => Number(a.priority - b.priority))
  if (!best) return SPURIOUS
  return best.priority === next?.priority ? undefined : best.irq
}

/** The guest has it: it is not pending any more, unless its line still holds it so. */
export const acknowledge = (here: Here, irq: number): void => {
  if (irq === SPURIOUS) return
  const lpi = here.vm.vgic!.lpis.get(irq)
  if (lpi) {
    lpi.isPending = false
    return
  }
  const pending = word(here, 'pending', irq, 32)!
  setWord(at(here, 0), 'pending', bankOf(here, irq), irq >> 5, pending & ~(1n << BigInt(irq & 31)))
}
