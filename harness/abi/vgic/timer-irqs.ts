/** Which private interrupts the timers of a vcpu raise. */
import type { Timer, Vcpu } from '../../model/vcpu.ts'

const defaults: Readonly<Record<Timer, number>> = { vtimer: 27, ptimer: 30, hvtimer: 28, hptimer: 26 }

/** The interrupt of a timer. */
export const irqOf = ({ timerIrqs }: Vcpu, timer: Timer): number => timerIrqs?.[timer] ?? defaults[timer]
