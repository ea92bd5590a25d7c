/**
 * The breakpoints and watchpoints that userspace gives a guest with KVM_GUESTDBG_USE_HW, of which the first are known.
 */
import { guestDebug } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Access } from './instruction.ts'

/** Enabled, for EL1, for EL0. */
const [ENABLED, EL1, EL0] = [1n, 2n, 4n]
const LEVELS = EL1 | EL0
/** The rest of a breakpoint for whole instructions at one address; of their addresses two bits are not compared. */
const WHOLE_INSTRUCTION = 0x1e0n
const INSTRUCTION = 4n
/** Loads, stores; the rest of a watchpoint on eight bytes. */
const [LOADS, STORES] = [0x8n, 0x10n]
const EIGHT_BYTES = 0x1fe0n
const WATCHED = 8n

/** The first of sixteen registers of 64 bits. */
const first = (registers: bigint): bigint => BigInt.asUintN(64, registers)

const hasAddress = (value: bigint): boolean => value >> 48n === 0n

export interface DebugRegisters {
  breakpoint?: bigint
  /** Eight bytes from here on, for loads, stores or both. */
  watchpoint?: { at: bigint; loads: boolean; stores: boolean }
}

/** What stops the guest in EL1; undefined where userspace has given what nobody has looked at. */
export const debugRegistersOf = ({ vcpu: { debug = 0, debugRegisters } }: Here): DebugRegisters | undefined => {
  if ((debug & guestDebug.KVM_GUESTDBG_USE_HW) === 0 || !debugRegisters) return {}
  const { bcr, bvr, wcr, wvr } = debugRegisters
  if (bcr >> 64n !== 0n || wcr >> 64n !== 0n) return undefined
  // Which of the two comes first is nowhere looked at.
  if (debug & guestDebug.KVM_GUESTDBG_SINGLESTEP && (bcr | wcr) & ENABLED) return undefined
  const result: DebugRegisters = {}
  if (bcr & ENABLED) {
    const at = first(bvr)
    if ((bcr & ~LEVELS) !== (WHOLE_INSTRUCTION | ENABLED)) return undefined
    if ((bcr & LEVELS) === 0n || !hasAddress(at)) return undefined
    if (bcr & EL1) result.breakpoint = at - (at % INSTRUCTION)
  }
  if (wcr & ENABLED) {
    const at = first(wvr)
    const accesses = wcr & (LOADS | STORES)
    if ((wcr & ~(LEVELS | LOADS | STORES)) !== (EIGHT_BYTES | ENABLED)) return undefined
    if ((wcr & LEVELS) === 0n || accesses === 0n || !hasAddress(at) || at % WATCHED !== 0n) return undefined
    if (wcr & EL1) result.watchpoint = { at, loads: (wcr & LOADS) !== 0n, stores: (wcr & STORES) !== 0n }
  }
  return result
}

/** Whether a watchpoint catches an access of memory. */
export const isWatched = ({ watchpoint }: DebugRegisters, { does, size }: Access, address: bigint): boolean =>
  watchpoint !== undefined
  && (does === 'load' ? watchpoint.loads : watchpoint.stores)
  && address < watchpoint.at + WATCHED
  && watchpoint.at < address + BigInt(size)
