/** Registers of a guest, from one KVM_RUN to the next: x0 to x30, pc, and what exceptions change. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import type { Mmio } from '../../model/vcpu.ts'
import { followed, X_IDS } from '../registers/followed.ts'
import { valueOf } from '../registers/value.ts'
import { isUsual, takeAbort, withoutStep } from './exception.ts'
import { readBytes } from './kvm-run.ts'

/** undefined: a value that the table does not know. */
export type GuestRegisters = { x: (bigint | undefined)[] } & Record<keyof typeof followed, bigint | undefined>

/** Those of a guest of which nobody knows what it did. */
export const unknownRegisters = (): GuestRegisters => ({
  x: [],
  pc: undefined,
  pstate: undefined,
  esr: undefined,
  far: undefined,
  elr: undefined,
  spsr: undefined,
})

const ZERO = 31

/** A register by its number in an instruction. */
export const get = ({ x }: GuestRegisters, n: number): bigint | undefined => (n === ZERO ? 0n : x[n])

export const set = ({ x }: GuestRegisters, n: number, value: bigint | undefined): void => {
  if (n !== ZERO) x[n] = value
}

/** Older kernels cut off the sign, until the point release that fixes it (Fuad Tabba, June 2026). */
const keepsSign: Dated = { since: '7.2' }

/** What a load leaves in its register of so many bytes that came; undefined where nobody knows whether it is mended. */
const loaded = ({ world }: Here, { size, signed }: Extract<Mmio, object>, bytes: bigint): bigint | undefined => {
  const value = BigInt.asUintN(8 * size, bytes)
  if (signed === 0 || BigInt.asIntN(8 * size, value) >= 0n) return value
  return holdsIn(world.release, keepsSign) ? BigInt.asUintN(signed, BigInt.asIntN(8 * size, value)) : undefined
}

/** What the CPU keeps of a syndrome. */
const isKept = (esr: bigint): boolean => esr < 1n << 32n

/** As the last KVM_RUN left them, or userspace since. */
export const registersOf = (here: Here): GuestRegisters => {
  const of = (name: keyof typeof followed) => valueOf(here, followed[name])
  const registers: GuestRegisters = {
    ...unknownRegisters(),
    x: X_IDS.map((id) => valueOf(here, id)),
    pc: of('pc'),
    pstate: of('pstate'),
  }
  if (!here.vcpu.entered) return registers
  const [esr, spsr] = [of('esr'), of('spsr')]
  return {
    ...registers,
    far: of('far'),
    elr: of('elr'),
    ...(esr !== undefined && isKept(esr) && { esr }),
    ...(isUsual(spsr) && { spsr }),
  }
}

/**
 * The registers with which the guest goes on. Where it left for an MMIO, that is completed first: even after a
 * KVM_ARM_VCPU_INIT, so that the guest then misses its first instruction. An exception that is due comes instead.
 */
export const registersAt = (here: Here): GuestRegisters => {
  const { mmio, run, abortIsDue } = here.vcpu
  if (mmio === 'unknown') return unknownRegisters()
  const registers = registersOf(here)
  if (abortIsDue) takeAbort(registers)
  if (!mmio || abortIsDue) return registers
  if (registers.pc !== undefined) registers.pc += 4n
  registers.pstate = withoutStep(registers.pstate)
  if (mmio.loads !== undefined) {
    const data = readBytes(run, 'mmio.data', mmio.size)
    set(registers, mmio.loads, data === undefined ? undefined : loaded(here, mmio, data))
  }
  return registers
}

/** Keeps what they hold now. */
export const keep = ({ vcpu }: Here, { x, ...others }: GuestRegisters): void => {
  for (const [n, id] of X_IDS.entries()) vcpu.regs.set(id, x[n])
  for (const [name, id] of Object.entries(followed)) vcpu.regs.set(id, others[name as keyof typeof followed])
}

/** What was due when KVM_RUN was called is done; an MMIO stays where an exception came before it. */
export const settle = ({ vcpu }: Here): void => {
  if (vcpu.abortIsDue) delete vcpu.abortIsDue
  else delete vcpu.mmio
}
