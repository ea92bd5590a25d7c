/** A guest that goes from one instruction of its program to the next, until it leaves to userspace or waits. */
import type { Here } from '../../model/world.ts'
import type { ProgramInMemory } from '../../model/contents.ts'
import { wordsOf } from '../../model/guest-program.ts'
import { exitReasons } from '../../names/index.ts'
import { isFull, type DirtyPage } from '../memory/dirty-ring.ts'
import { count } from '../memory/statistics.ts'
import { programNamed } from '../programs/index.ts'
import { accessed } from './access.ts'
import { called, isCall } from './called.ts'
import { compute } from './compute.ts'
import { wakes } from './device-levels.ts'
import { debugRegistersOf, type DebugRegisters } from './debug-registers.ts'
import type { Entered, RunWrite } from './entered.ts'
import { give, NOT_SUPPORTED } from './hypercall.ts'
import { isUsual, withoutStep, withStep } from './exception.ts'
import { fetched, WORD } from './fetch.ts'
import type { Instruction } from './instruction.ts'
import { lose } from './lose.ts'
import { get, registersAt, set, type GuestRegisters } from './registers.ts'
import {
  isDebugged,
  isEmulationStep,
  isStepped,
  leavesStep,
  leaveAfterStep,
  leaveAtBreakpoint,
  leaveBeforeInstruction,
  leaveWithDueStep,
  oweStep,
} from './step.ts'
import { acknowledge, acknowledged } from '../vgic/acknowledge.ts'
import { sent } from '../vgic/sgi.ts'

/** Nobody knows what happens. */
export const unknown: Entered = { isUnknown: true, run: [], effects: [lose] }

/** More instructions than any program needs until it leaves, or a ring is full. */
const MOST = 200

const leaveFull: Partial<Entered> = { exit: exitReasons.KVM_EXIT_DIRTY_RING_FULL }

/** A guest between two instructions. */
export class Guest {
  readonly #run: RunWrite[] = []
  readonly #effects: Entered['effects'][number][] = []
  readonly #here: Here
  readonly #registers: GuestRegisters
  readonly #debugRegisters: DebugRegisters | undefined
  /** Words that it has stored to since it was entered. */
  readonly #stored: bigint[] = []
  readonly #dirty: DirtyPage[] = []
  #collected = 0
  /** It has asked for an interrupt. */
  #hasInterrupt = false

  constructor(here: Here) {
    this.#here = here
    this.#registers = registersAt(here)
    this.#debugRegisters = debugRegistersOf(here)
  }

  /** Goes from instruction to instruction until KVM_RUN comes back. */
  goOn(program: ProgramInMemory): Entered {
    const { mmio, stepIsDue, abortIsDue } = this.#here.vcpu
    this.#registers.pstate = withoutStep(this.#registers.pstate)
    if (isStepped(this.#here) && abortIsDue) return unknown
    if (isStepped(this.#here) && stepIsDue) return stepIsDue === 'unknown' ? unknown : this.end(leaveWithDueStep)
    if (mmio && isEmulationStep(this.#here)) return this.end(leaveAfterStep('kvm'))
    if (isFull(this.#here)) return abortIsDue ? unknown : this.end(leaveFull)
    const { breakpoint } = this.#debugRegisters ?? {}
    if (!this.#debugRegisters) return unknown
    const words = wordsOf(programNamed(program.name)!)
    for (let i = 0; i < MOST; i++) {
      if (this.#registers.pc !== undefined && this.#registers.pc === breakpoint) return this.end(leaveBeforeInstruction)
      const instruction = fetched(words, program, this.#stored, this.#registers)
      const end = instruction && this.#step(instruction)
      if (!instruction || end === 'unknown') return unknown
      if (end) return end
    }
    return unknown
  }

  /** It leaves here, or waits. */
  end(how: Partial<Entered> = {}): Entered {
    return {
      ...how,
      ...(this.#hasInterrupt && { hasInterrupt: true }),
      registers: this.#registers,
      run: [...this.#run, ...(how.run ?? [])],
      effects: [...this.#effects, ...(how.effects ?? [])],
    }
  }

  #afterInstruction(): Entered | undefined {
    return isStepped(this.#here) ? this.end(leaveAfterStep('guest')) : undefined
  }

  #afterEmulation(): Entered | undefined {
    return isEmulationStep(this.#here) ? this.end(leaveAfterStep('kvm')) : undefined
  }

  /** undefined: it goes on. */
  #step(instruction: Instruction): Entered | 'unknown' | undefined {
    const registers = this.#registers
    switch (instruction.does) {
      case 'move':
      case 'add':
        compute(registers, instruction)
        break
      case 'branch':
        // It spins.
        if (instruction.by === 0n && !isStepped(this.#here)) return this.end()
        registers.pc! += instruction.by
        return this.#afterInstruction()
      case 'brk':
        // Without that it would be the guest's own affair.
        if (!isDebugged(this.#here)) return 'unknown'
        if (leavesStep(this.#here)) registers.pstate = withStep(registers.pstate)
        return this.end(leaveAtBreakpoint(instruction.comment))
      case 'hvc':
        return this.#hypercall('hvc')
      case 'smc':
        if (isDebugged(this.#here)) return 'unknown'
        if (isCall(this.#here, instruction.immediate)) return this.#hypercall('smc')
        set(registers, 0, NOT_SUPPORTED)
        break
      case 'mrs':
        set(registers, instruction.rt, registers[instruction.of])
        break
      case 'acknowledge':
        if (!this.#acknowledge(instruction.rt)) return 'unknown'
        break
      case 'end interrupt':
        break
      case 'send': {
        const send = isDebugged(this.#here) ? undefined : sent(this.#here, instruction, get(registers, instruction.rt))
        if (!send) return 'unknown'
        this.#effects.push(send)
        break
      }
      case 'eret':
        if (!isUsual(registers.spsr)) return 'unknown'
        registers.pc = registers.elr
        registers.pstate = registers.spsr
        return this.#afterInstruction()
      default: {
        const result = accessed(this.#here, instruction, registers, this.#debugRegisters ?? {}, {
          collected: this.#collected,
          dirty: this.#dirty,
        })
        if (!result) return 'unknown'
        if (!('goesOn' in result)) {
          if (leavesStep(this.#here)) registers.pstate = withStep(registers.pstate)
          return this.end(result)
        }
        this.#run.push(...result.run)
        if (result.effect) this.#effects.push(result.effect)
        if (result.stored !== undefined) this.#stored.push(result.stored)
        if (result.dirty) this.#dirty.push(result.dirty)
        if (result.isCollected) this.#collected++
        if (result.isAborted) return undefined
        if (result.isEmulated) {
          this.#effects.push(count('mmio_exit_kernel'))
          registers.pc! += WORD
          return this.#afterEmulation()
        }
      }
    }
    registers.pc! += WORD
    return this.#afterInstruction()
  }

  /** False where nobody has looked which interrupt there is. */
  #acknowledge(rt: number): boolean {
    const irq = this.#hasInterrupt || isStepped(this.#here) ? undefined : acknowledged(this.#here)
    if (irq === undefined) return false
    this.#hasInterrupt = true
    set(this.#registers, rt, BigInt(irq))
    this.#effects.push((here) => acknowledge(here, irq))
    return true
  }

  #hypercall(by: 'hvc' | 'smc'): Entered | 'unknown' | undefined {
    const { x } = this.#registers
    const [fn, ...args] = x
    const result =
      fn === undefined ? undefined : called(this.#here, { fn: Number(BigInt.asUintN(32, fn)), x: args.slice(0, 3) }, by)
    if (!result) return 'unknown'
    if (by === 'hvc') this.#effects.push(count('hvc_exit_stat'))
    const isAwake = 'waits' in result && !result.then ? wakes(this.#here) : false
    if (isAwake === undefined) return 'unknown'
    this.#registers.pc! += WORD
    give(result, x)
    if (result.then) this.#effects.push(result.then)
    if (isAwake || (!('exit' in result) && !('waits' in result))) return this.#afterEmulation()
    if (isEmulationStep(this.#here)) this.#effects.push(oweStep)
    return this.end('exit' in result ? { exit: result.exit, run: result.run } : {})
  }
}
