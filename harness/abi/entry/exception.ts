/** An exception that the guest takes: to its vectors, which are at 0 after KVM_ARM_VCPU_INIT. */
import { pstate as bits } from '../../names/index.ts'
import { ENTRY } from '../../model/guest-program.ts'

/** EL1 with its own stack pointer and all exceptions masked: as KVM_ARM_VCPU_INIT leaves it, and every exception. */
const USUAL = 0x3c5n
const FLAGS = BigInt(bits.PSR_N_BIT | bits.PSR_Z_BIT | bits.PSR_C_BIT | bits.PSR_V_BIT) & 0xffff_ffffn

/** DBG_SPSR_SS of asm/debug-monitors.h: the next instruction is to be a step. */
const SS = 0x20_0000n

/** In that state, with any condition flags. */
export const isUsual = (pstate: bigint | undefined): pstate is bigint =>
  pstate !== undefined && (pstate & ~(FLAGS | SS)) === USUAL

/** Before a step, and after it. */
export const withStep = (pstate: bigint | undefined): bigint | undefined =>
  pstate === undefined ? undefined : pstate | SS
export const withoutStep = (pstate: bigint | undefined): bigint | undefined =>
  pstate === undefined ? undefined : pstate & ~SS

/** The vector of synchronous exceptions of EL1 with its own stack pointer. */
const SYNCHRONOUS = ENTRY + 0x200n

/** What an exception looks at, and changes. */
type Registers = Record<'pc' | 'pstate' | 'elr' | 'spsr', bigint | undefined>

/** A data abort, whose syndrome and address the registers have. */
export const takeAbort = (registers: Registers): void => {
  const { pc, pstate } = registers
  registers.elr = pc
  registers.spsr = pstate
  registers.pc = isUsual(pstate) ? SYNCHRONOUS : undefined
  registers.pstate = isUsual(pstate) ? (pstate & FLAGS) | USUAL : undefined
}
