/** Random numbers for the guest: the TRNG firmware interface of Arm, version 1.0. */
import { INVALID_PARAMETERS, NOT_SUPPORTED, returns, SUCCESS, type HypercallArgs, type Returned } from './hypercall.ts'

const VERSION = 0x8400_0050
const FEATURES = 0x8400_0051
const GET_UUID = 0x8400_0052
const RND = 0x8400_0053
const RND64 = 0xc400_0053
const VERSION_1_0 = 0x1_0000n
/** Of what makes the numbers: 0d21e000-4384-11eb-8070-5244554e5a4c. */
const UUID = [0x00e0_210dn, 0xeb11_8443n, 0x4452_7080n, 0x4c5a_4e55n] as const

/** So many random bits, in as many of x1 to x3 as they need. */
const numbers = (bits: bigint, most: bigint): Returned => {
  if (bits > most) return returns(INVALID_PARAMETERS)
  return bits === 0n ? returns(SUCCESS) : { gives: SUCCESS, others: Array<undefined>(3).fill(undefined) }
}

/** What a function gives; undefined where it is none of the TRNG. `fn`: without the bit that says it has 64 bits. */
export const trng = (fn: number, isWide: boolean, [x1]: HypercallArgs['x']): Returned | undefined => {
  if (fn === RND) return x1 === undefined ? {} : numbers(BigInt.asUintN(32, x1), isWide ? 192n : 96n)
  if (isWide) return undefined
  if (fn === VERSION) return returns(VERSION_1_0)
  if (fn === GET_UUID) return { gives: UUID[0], others: UUID.slice(1) }
  if (fn !== FEATURES) return undefined
  if (x1 === undefined) return {}
  return returns([VERSION, FEATURES, GET_UUID, RND, RND64].includes(Number(x1)) ? SUCCESS : NOT_SUPPORTED)
}
