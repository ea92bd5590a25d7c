/** x0 to x30 and pc of a guest, from one KVM_RUN to the next. */
import { coreRegs } from '../../names/index.ts'
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here, Mmio } from '../../model/world.ts'
import { readBytes } from './kvm-run.ts'
import { valueOf } from '../registers/value.ts'

/** undefined: a value that the table does not know. */
export interface GuestRegisters {
  x: (bigint | undefined)[]
  pc: bigint | undefined
}

const ids = Array.from({ length: 31 }, (_, n) => coreRegs.get(`regs.regs[${n}]`)!)
const PC = coreRegs.get('regs.pc')!
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

/**
 * The registers with which the guest goes on. Where it left for an MMIO, that is completed first: even after a
 * KVM_ARM_VCPU_INIT, so that the guest then misses its first instruction.
 */
export const registersAt = (here: Here): GuestRegisters => {
  const { mmio, run } = here.vcpu
  if (mmio === 'unknown') return { x: [], pc: undefined }
  const registers: GuestRegisters = { x: ids.map((id) => valueOf(here, id)), pc: valueOf(here, PC) }
  if (!mmio) return registers
  if (registers.pc !== undefined) registers.pc += 4n
  if (mmio.loads !== undefined) {
    const data = readBytes(run, 'mmio.data', mmio.size)
    set(registers, mmio.loads, data === undefined ? undefined : loaded(here, mmio, data))
  }
  return registers
}

/** Keeps what they hold now, after a KVM_RUN that has completed an MMIO. */
export const keep = ({ vcpu }: Here, { x, pc }: GuestRegisters): void => {
  for (const [n, id] of ids.entries()) vcpu.regs.set(id, x[n])
  vcpu.regs.set(PC, pc)
  delete vcpu.mmio
}
