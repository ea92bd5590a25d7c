/** Loads and stores of a guest: of memory, or of an address that userspace has to emulate. */
import { exitReasons } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { AGENT_MEMORY, RAM } from '../args/userspace-address.ts'
import { makeDirty, slotAt } from '../ram/slots.ts'
import { writeRam } from '../ram/ram.ts'
import { writeAt } from '../ram/shared-page.ts'
import { signal } from '../eventfds/signal.ts'
import { isCollected, isIntoNothing, isOfMemory, isUnknownStore, signalledBy, type Store } from '../memory/store.ts'
import { collect, hasRoom } from '../memory/coalesced-ring.ts'
import { dirtied, push, type DirtyPage } from '../memory/dirty-ring.ts'
import { count } from '../memory/statistics.ts'
import { isVgic } from '../vgic/running.ts'
import { isWatched, type DebugRegisters } from './debug-registers.ts'
import type { Entered, RunWrite } from './entered.ts'
import { abortsBeyondIpa } from './beyond-ipa.ts'
import { storeToIts } from './its-store.ts'
import type { Access } from './instruction.ts'
import { fault } from './memory-fault.ts'
import { get, set, type GuestRegisters } from './registers.ts'
import { isStepped, leaveBeforeAccess } from './step.ts'

/** What the guest has done since it was entered: stores that were collected, and pages for its ring. */
export interface Done {
  collected: number
  dirty: readonly DirtyPage[]
}

type Left = Pick<Entered, 'exit' | 'errno' | 'run' | 'effects'>

/**
 * The guest goes on after it, with what it did to the VM and to kvm_run; or it leaves; undefined: nobody has looked.
 */
export type Accessed =
  | {
      goesOn: true
      isEmulated?: true
      isAborted?: true
      isCollected?: true
      dirty?: DirtyPage
      stored?: bigint
      run: readonly RunWrite[]
      effect?: (here: Here) => void
    }
  | Left
  | undefined

const mmioOf = ({ does, size }: Access, address: bigint): RunWrite[] => [
  { field: 'mmio.phys_addr', value: address },
  { field: 'mmio.len', value: BigInt(size) },
  { field: 'mmio.is_write', value: does === 'store' ? 1n : 0n },
]

/** Userspace is told of it; where the CPU does not say what the instruction was, of its address alone. */
const leave = ({ vm }: Here, access: Access, address: bigint, value: bigint | undefined): Left => {
  const { does, rt, size, signed, writesBack } = access
  if (writesBack !== undefined)
    return vm.toldOfNisv
      ? {
          exit: exitReasons.KVM_EXIT_ARM_NISV,
          run: [
            { field: 'arm_nisv.esr_iss', value: undefined },
            { field: 'arm_nisv.fault_ipa', value: address },
          ],
          effects: [
            ({ vcpu }) => {
              vcpu.faultAddress = address
            },
          ],
        }
      : { errno: 'ENOSYS', run: [], effects: [] }
  return {
    exit: exitReasons.KVM_EXIT_MMIO,
    run: [
      ...mmioOf(access, address),
      ...(does === 'store' ? [{ field: 'mmio.data' as const, value, length: size }] : []),
    ],
    effects: [
      count('mmio_exit_user'),
      ({ vcpu }) => {
        vcpu.mmio = { size, signed, ...(does === 'load' && { loads: rt }) }
        vcpu.faultAddress = address
      },
    ],
  }
}

/** A store changes memory, which may be the program's own. */
const makeStore = ({ world, vm }: Here, store: Store): void => {
  makeDirty(vm, store.address)
  const slot = slotAt(vm, store.address)!
  // A guest without caches writes past those of userspace, which may show what was there before.
  if (!slot.memfd) writeRam(world, Number(slot.hva + store.address - slot.gpa - RAM), store.size, undefined)
  else writeAt(slot.memfd.content, Number(store.address - slot.gpa + slot.memfdOffset!), store.size, undefined)
}

const store = (
  here: Here,
  access: Access,
  address: bigint,
  value: bigint | undefined,
  isWatched: boolean,
  done: Done,
): Accessed => {
  const { vm, world } = here
  const at: Store = { address, size: access.size, value }
  if (isUnknownStore(vm, at) || (world.isAnyEventfd && !isOfMemory(vm, at))) return undefined
  if (isIntoNothing(vm, at)) return fault(slotAt(vm, address)!, address)
  if (isOfMemory(vm, at)) {
    const dirty = dirtied(here, at, done.dirty)
    if (dirty === 'unknown' || (dirty && (isWatched || (dirty.isLast && isStepped(here))))) return undefined
    if (isWatched) return leaveBeforeAccess('store', address)
    if (dirty?.isLast)
      return { exit: exitReasons.KVM_EXIT_DIRTY_RING_FULL, run: [], effects: [(there) => push(there, dirty)] }
    return {
      goesOn: true,
      run: [],
      ...(dirty && { dirty }),
      stored: address & ~3n,
      effect: (there) => {
        if (dirty) push(there, dirty)
        makeStore(there, at)
      },
    }
  }
  const eventfd = access.writesBack === undefined ? signalledBy(vm, at) : undefined
  if (eventfd !== undefined)
    return {
      goesOn: true,
      isEmulated: true,
      run: mmioOf(access, address),
      effect: (there) => signal(there, eventfd),
    }
  if (access.writesBack !== undefined || !isCollected(vm, at)) return leave(here, access, address, value)
  const isRoom = hasRoom(here, done.collected)
  if (isRoom === undefined) return undefined
  if (!isRoom) return leave(here, access, address, value)
  return {
    goesOn: true,
    isEmulated: true,
    isCollected: true,
    run: mmioOf(access, address),
    effect: (there) => collect(there, at, value),
  }
}

const load = (here: Here, access: Access, registers: GuestRegisters, address: bigint, isWatched: boolean): Accessed => {
  const slot = slotAt(here.vm, address)
  if (!slot) return leave(here, access, address, undefined)
  const hva = slot.hva + address - slot.gpa
  if (!slot.memfd && hva >= RAM + AGENT_MEMORY) return undefined
  if (slot.memfd ? slot.memfd.isClosed : hva < RAM) return fault(slot, address)
  if (isWatched) return leaveBeforeAccess('load', address)
  set(registers, access.rt, undefined)
  return { goesOn: true, run: [] }
}

/**
 * Makes the access, with its registers; undefined: nobody has looked what comes of it. An access without memory is an
 * abort before a watchpoint is looked at.
 */
export const accessed = (
  here: Here,
  access: Access,
  registers: GuestRegisters,
  debugRegisters: DebugRegisters,
  done: Done,
): Accessed => {
  const base = get(registers, access.rn)
  if (access.rn === 31 || base === undefined) return undefined
  const address = BigInt.asUintN(64, base + access.offset)
  // Without an MMU all memory is a device's, which takes whole words only.
  if (address % BigInt(access.size) !== 0n) return undefined
  const isOfVgic = isVgic(here, address, access.size)
  const value = access.does === 'store' ? get(registers, access.rt) : undefined
  const isPlainStore = access.does === 'store' && access.writesBack === undefined
  const itsHears = isOfVgic && isPlainStore ? storeToIts(here, { address, size: access.size, value }) : undefined
  if (isOfVgic && !itsHears) return undefined
  const isCaught = isWatched(debugRegisters, access, address)
  const isAborted = abortsBeyondIpa(here, registers, address, isCaught)
  if (isAborted === undefined) return undefined
  if (isAborted) return { goesOn: true, isAborted, run: [], effect: ({ vcpu }) => void (vcpu.faultAddress = address) }
  if (itsHears)
    return isCaught ? undefined : { goesOn: true, isEmulated: true, run: mmioOf(access, address), effect: itsHears }
  const result =
    access.does === 'store'
      ? store(here, access, address, value, isCaught, done)
      : load(here, access, registers, address, isCaught)
  if (result && 'goesOn' in result && access.writesBack !== undefined)
    set(registers, access.rn, BigInt.asUintN(64, base + access.writesBack))
  return result
}
