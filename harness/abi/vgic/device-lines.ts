/**
 * The lines of private interrupts that the timers and the PMU of a vcpu drive: as high as their outputs since its last
 * KVM_RUN.
 */
import type { El1Timer } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import { isDue } from '../registers/timers.ts'
import { isPmuOverflown } from '../registers/value.ts'
import { held, hold } from './registers/held.ts'
import { loseInterrupts, setWord, wordOf } from './registers/interrupts.ts'
import type { At } from './registers/register.ts'
import { irqOf } from './timer-irqs.ts'

const timers: readonly El1Timer[] = ['vtimer', 'ptimer']
/** What the devices made of their lines last. */
const DRIVEN = 'lines of devices'

/** Only private interrupts are driven here. */
const bitOf = (irq: number | undefined): bigint => (irq === undefined || irq >= 32 ? 0n : 1n << BigInt(irq))
const bitsOf = ({ vcpu }: Here, of: readonly El1Timer[]): bigint =>
  of.reduce((all, timer) => all | bitOf(irqOf(vcpu, timer)), 0n)
const drivenBy = ({ vm, vcpu }: Here): bigint | undefined => held(vm.vgic!.held, DRIVEN, vcpu.id, 0, 0n)

/** Their lines have these levels from now on. */
const drive = (here: Here, levels: bigint | undefined): void => {
  const at: At = { here, vgic: here.vm.vgic!, cpu: here.vcpu, index: 0 }
  const mask = bitsOf(here, timers) | bitOf(here.vcpu.pmuIrq)
  const high = wordOf(at, 'high', here.vcpu.id, 0)
  // What is emulated drives its line where its output changes, and userspace may have set the line since.
  const isOwn = high !== undefined && (high & mask) === drivenBy(here)
  setWord(at, 'high', here.vcpu.id, 0, isOwn && levels !== undefined ? (high & ~mask) | levels : undefined)
  hold(at.vgic.held, DRIVEN, here.vcpu.id, 0, levels)
}

const timerLevels = (here: Here): bigint | undefined =>
  timers.some((timer) => isDue(here, timer) === undefined)
    ? undefined
    : bitsOf(
        here,
        timers.filter((timer) => isDue(here, timer)),
      )

/** A KVM_RUN that does not come as far as the guest leaves the PMU's line as it was. */
const pmuLevel = (here: Here, isEntered: boolean): bigint | undefined => {
  const bit = bitOf(here.vcpu.pmuIrq)
  if (bit === 0n) return 0n
  if (!isEntered) {
    const driven = drivenBy(here)
    return driven === undefined ? undefined : driven & bit
  }
  const isHigh = isPmuOverflown(here)
  return isHigh === undefined ? undefined : isHigh ? bit : 0n
}

/** A KVM_RUN: each device drives its line. */
export const driveLines = (here: Here, isEntered: boolean): void => {
  const [ofTimers, ofPmu] = [timerLevels(here), pmuLevel(here, isEntered)]
  if ((here.vcpu.pmuIrq ?? 0) >= 32 && isPmuOverflown(here) !== false) loseInterrupts(here.vm.vgic!, 'shared')
  const isKnown = here.vm.vgic?.initialised && ofTimers !== undefined && ofPmu !== undefined
  drive(here, isKnown ? ofTimers | ofPmu : undefined)
}

/** KVM_ARM_VCPU_INIT lets the lines fall of timers that have run. */
export const releaseTimers = (here: Here): void => {
  if (!here.vm.vgic || !here.vcpu.hasTimers) return
  drive(here, pmuLevel(here, false))
}
