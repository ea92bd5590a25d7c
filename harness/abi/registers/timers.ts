/**
 * The timers of a vcpu, as userspace set them: no guest program touches them. Which is due hangs on no clock where it
 * is known.
 */
import type { El1Timer, TimerState, Vcpu } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import type { Vm } from '../../model/vm.ts'
import { namedRegs } from '../../names/index.ts'
import type { RegisterRow } from './table.ts'

type Part = 'ctl' | 'cval' | 'cnt'

const parts = new Map<bigint, readonly [timer: El1Timer, part: Part]>([
  [namedRegs.KVM_REG_ARM_TIMER_CTL, ['vtimer', 'ctl']],
  [namedRegs.KVM_REG_ARM_TIMER_CVAL, ['vtimer', 'cval']],
  [namedRegs.KVM_REG_ARM_TIMER_CNT, ['vtimer', 'cnt']],
  [namedRegs.KVM_REG_ARM_PTIMER_CTL, ['ptimer', 'ctl']],
  [namedRegs.KVM_REG_ARM_PTIMER_CVAL, ['ptimer', 'cval']],
  [namedRegs.KVM_REG_ARM_PTIMER_CNT, ['ptimer', 'cnt']],
])

export const isOfTimer = (id: bigint): boolean => parts.has(id)

const [ENABLE, IMASK, ISTATUS] = [1n, 2n, 4n]
/** What the CPU keeps of a control word besides ISTATUS. */
const KEPT = ENABLE | IMASK
/** More ticks than a counter makes while a list of calls is played. */
const LONG = 1n << 60n
const untouched: TimerState = { ctl: 0n, cval: 0n }

const stateOf = ({ el1Timers }: Vcpu, timer: El1Timer): TimerState => el1Timers?.[timer] ?? untouched
const change = (vcpu: Vcpu, timer: El1Timer, now: Partial<TimerState>): void => {
  vcpu.el1Timers = { ...vcpu.el1Timers, [timer]: { ...stateOf(vcpu, timer), ...now } }
}

/** What a counter has at least, and not much more. A counter that may soon begin again is not known. */
const counterOf = ({ counters, counterOffset }: Vm, timer: El1Timer): bigint | undefined => {
  if (counterOffset !== undefined) return undefined
  const least = counters?.[timer] ?? 0n
  return least < 1n << 63n ? least : undefined
}

export const isCounter = (id: bigint): boolean => parts.get(id)?.[1] === 'cnt'

/** For the mock, whose counters stand still, but for what is taken off them. */
export const counterValue = ({ counters, counterOffset }: Vm, id: bigint): bigint =>
  counterOffset === undefined ? (counters?.[parts.get(id)![0]] ?? 0n) : BigInt.asUintN(64, -counterOffset)

/**
 * True where the kernel adds to what the CPU compares for the physical timer, since the CPU has no offset for that one,
 * and the sum may begin again at 0: the timer is late by as much, though its counter has come there.
 */
const mayBeLate = ({ counters, counterOffset }: Vm, timer: El1Timer, { cval }: TimerState): boolean =>
  timer === 'ptimer' && (counterOffset !== undefined || cval < (counters?.ptimer ?? 0n))

/** The counter has come to where the timer is due; undefined: nobody can tell. */
const isReached = (vm: Vm, timer: El1Timer, state: TimerState): boolean | undefined => {
  const { cval } = state
  if (mayBeLate(vm, timer, state)) return undefined
  if (cval === 0n) return true
  const counter = counterOf(vm, timer)
  if (counter === undefined) return undefined
  return cval <= counter ? true : cval > counter + LONG ? false : undefined
}

/** True where the timer raises its interrupt; undefined: nobody can tell. */
export const isDue = ({ vm, vcpu }: Pick<Here, 'vm' | 'vcpu'>, timer: El1Timer): boolean | undefined => {
  const state = stateOf(vcpu, timer)
  return (state.ctl & KEPT) === ENABLE ? isReached(vm, timer, state) : false
}

/** A row whose control word says whether the counter is there, as all did until 6.18. */
const tellsStatus = ({ write }: RegisterRow): boolean =>
  typeof write === 'object' && 'sets' in write && (BigInt(`0x${write.sets}`) & ISTATUS) !== 0n
const keptOf = ({ write }: RegisterRow): bigint =>
  typeof write === 'object' && 'keeps' in write ? BigInt(`0x${write.keeps}`) : (1n << 64n) - 1n

/** What a register of a timer reads; undefined: nobody can tell. */
export const timerValue = ({ vm, vcpu }: Here, row: RegisterRow): bigint | undefined => {
  const [timer, part] = parts.get(row.id)!
  const state = stateOf(vcpu, timer)
  if (part !== 'ctl') return part === 'cval' ? state.cval : undefined
  const tells = tellsStatus(row)
  const status = tells ? isReached(vm, timer, state) : false
  // The CPU's own status stays in the word until it is written.
  if (state.wasLoaded && (!tells || !status || (state.ctl & ~KEPT) !== 0n)) return undefined
  return status === undefined ? undefined : state.ctl | (status ? ISTATUS : 0n)
}

/** What is written to a counter has no effect once KVM_ARM_SET_COUNTER_OFFSET was called. */
const setCounter = (vm: Vm, timer: El1Timer, value: bigint): void => {
  vm.counters = { ...vm.counters, [timer]: value }
}

/** KVM_SET_ONE_REG. */
export const setTimerRegister = ({ vm, vcpu }: Here, row: RegisterRow, value: bigint): void => {
  const [timer, part] = parts.get(row.id)!
  if (part === 'cnt') setCounter(vm, timer, value)
  else if (part === 'cval') change(vcpu, timer, { cval: value })
  else change(vcpu, timer, { ctl: value & keptOf(row) & ~ISTATUS, wasLoaded: false })
}

/** KVM_CREATE_VCPU sets the counters of the VM anew. */
export const resetCounters = (vm: Vm): void => {
  delete vm.counters
}

/** KVM_ARM_VCPU_INIT switches timers off; newer kernels forget when they were due, too. */
export const resetTimers = (vcpu: Vcpu, rows: ReadonlyMap<bigint, RegisterRow>): void => {
  for (const [id, [timer, part]] of parts) {
    if (part === 'ctl') change(vcpu, timer, { ctl: 0n, wasLoaded: false })
    if (part === 'cval' && !rows.get(id)?.survives) change(vcpu, timer, { cval: 0n })
  }
}

/** A KVM_RUN puts them into the CPU. */
export const loadTimers = (vcpu: Vcpu): void => {
  for (const timer of ['vtimer', 'ptimer'] as const) change(vcpu, timer, { wasLoaded: true })
}
