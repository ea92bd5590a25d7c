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

/** Drives the line of an interrupt of the vcpu's own. Where a timer or the PMU owns it, nothing happens. */
export const driveOwn = ({ vm }: Here, cpu: Vcpu): void => loseInterrupts(vm.vgic!, cpu.id)
