/** What a hypercall of a guest leads to. */
import type { Here } from '../../model/world.ts'
import type { RunWrite } from './entered.ts'

/** Arguments: the function, which is 32 bits wide, and x1, x2 and x3; undefined where the table does not know one. */
export interface HypercallArgs {
  fn: number
  x: readonly (bigint | undefined)[]
}

/**
 * The guest goes on; `gives`: what x0 holds; undefined: the table does not know. `others`: what x1, x2 and x3 hold,
 * which is 0 where it is absent.
 */
export interface Returned {
  gives?: bigint
  others?: readonly (bigint | undefined)[]
  /** What else it does to the VM. */
  then?(here: Here): void
}

/**
 * KVM_RUN comes back, and has written this into kvm_run; x0 holds `gives` for whoever goes on all the same. `keeps`: or
 * registers hold what they held, of x1, x2 and x3 perhaps only the lower halves, so that userspace can make the call.
 */
export interface LeftToUserspace extends Returned {
  exit: number
  run: readonly RunWrite[]
  keeps?: 'registers' | 'lower halves'
}

/** The vcpu waits: for good where it is off, else until a signal or an interrupt comes. */
export interface Waiting extends Returned {
  waits: true
}

/** undefined: nobody has looked. */
export type HypercallResult = Returned | LeftToUserspace | Waiting | undefined

/** Bit 30 of a function says that its arguments have 64 bits. */
export const IS_64_BIT = 0x4000_0000

/** Results that PSCI and the SMCCC have names for. */
export const SUCCESS = 0n
const negative = (n: bigint): bigint => BigInt.asUintN(64, -n)
export const NOT_SUPPORTED = negative(1n)
export const INVALID_PARAMETERS = negative(2n)
export const ALREADY_ON = negative(4n)
export const INTERNAL_FAILURE = negative(6n)

export const returns = (gives: bigint): Returned => ({ gives })

const lowerHalf = (value: bigint | undefined) => (value === undefined ? undefined : BigInt.asUintN(32, value))

/** What the guest finds in x0 to x3. */
export const give = (result: NonNullable<HypercallResult>, x: (bigint | undefined)[]): void => {
  if ('keeps' in result) {
    if (result.keeps === 'lower halves') for (const n of [1, 2, 3]) x[n] = lowerHalf(x[n])
    return
  }
  const { gives, others = [0n, 0n, 0n] } = result
  x.splice(0, 4, ...(gives === undefined ? Array<undefined>(4).fill(undefined) : [gives, ...others]))
}
