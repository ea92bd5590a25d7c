/** What KVM_IRQ_LINE changes: the level of an interrupt line, or that an edge came. */
import type { Here } from '../../../model/world.ts'
import type { Vcpu } from '../../../model/vcpu.ts'
import { loseInterrupts, setWord, wordOf } from './interrupts.ts'
import type { At } from './register.ts'

/** Drives the line of the shared interrupt `irq`. */
export const driveShared = (here: Here, irq: number, isHigh: boolean): void => {
  const at: At = { here, vgic: here.vm.vgic!, cpu: here.vm.vcpus[0]!, index: irq >> 5 }
  const bit = 1n << BigInt(irq & 31)
  const [edge, high, latch] = (['edge', 'high', 'pending'] as const).map((name) => wordOf(at, name, 'shared', at.index))
  if (edge === undefined || high === undefined || latch === undefined) loseInterrupts(at.vgic, 'shared')
  else if ((edge & bit) === 0n) setWord(at, 'high', 'shared', at.index, isHigh ? high | bit : high & ~bit)
  else if (isHigh) setWord(at, 'pending', 'shared', at.index, latch | bit)
}

/** Drives the line of the vcpu's own interrupt `irq`, a level. Where a timer or the PMU owns it, nothing happens. */
export const driveOwn = (here: Here, cpu: Vcpu, irq: number, isHigh: boolean): void => {
  const at: At = { here, vgic: here.vm.vgic!, cpu, index: 0 }
  const bit = 1n << BigInt(irq)
  const high = wordOf(at, 'high', cpu.id, 0)
  // Timers own theirs from the first KVM_RUN on.
  if (cpu.hasRun || cpu.pmuIrq === irq || high === undefined) loseInterrupts(at.vgic, cpu.id)
  else setWord(at, 'high', cpu.id, 0, isHigh ? high | bit : high & ~bit)
}
