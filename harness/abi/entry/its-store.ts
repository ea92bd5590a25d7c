/** Stores of the guest to the registers of an ITS, which the kernel takes without telling userspace. */
import type { Here } from '../../model/world.ts'
import { gits } from '../../names/gic-registers.ts'
import type { Store } from '../memory/store.ts'
import { slotAt } from '../ram/slots.ts'
import { isUnclear, itsAt, translates } from '../vgic/doorbell.ts'
import { itsRegisterAt } from '../vgic/registers/its.ts'

/** The second of its two frames has GITS_TRANSLATER, which is for devices. */
const SECOND_FRAME = 0x1_0000
const WORD = 4
const { GITS_CTLR, GITS_CBASER, GITS_CWRITER, GITS_CREADR, GITS_BASER } = gits
const isIn = (offset: number, [at, size]: readonly [number, number]) => offset >= at && offset < at + size
const nothing = (): void => {}

/** The other half of a register of 64 bits stays. */
const withHalf = (old: bigint, offset: number, word: bigint): bigint =>
  offset % 8 === 0 ? (old & ~0xffff_ffffn) | word : (old & 0xffff_ffffn) | (word << 32n)

/** What such a store does; undefined: nobody has looked. */
export const storeToIts = (here: Here, { address, size, value }: Store): ((here: Here) => void) | undefined => {
  const { vm } = here
  const its = itsAt(vm, address)
  const isAlone = vm.dirtyRing === undefined && (vm.ioeventfds ?? []).length === 0 && slotAt(vm, address) === undefined
  if (!its || !translates(vm) || !vm.vgic!.initialised || isUnclear(vm, its) || !isAlone || size !== WORD)
    return undefined
  const offset = Number(address - its.addr!)
  if (offset >= SECOND_FRAME || isIn(offset, GITS_CREADR)) return nothing
  const isWide = [GITS_CBASER, GITS_CWRITER, GITS_BASER].some((register) => isIn(offset, register))
  const register = itsRegisterAt(BigInt(offset))
  if (value === undefined || !register || (!isWide && !isIn(offset, GITS_CTLR))) return undefined
  const word = BigInt.asUintN(32, value)
  return ({ world }) => {
    const at = { world, vm, its, index: Math.floor((offset - register.at) / 8) }
    register.writes!(at, isWide ? withHalf(register.reads(at), offset, word) : word)
  }
}
