/** Loads and stores of a guest: of memory, or of an address that userspace has to emulate. */
import { exitReasons } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { RAM } from '../args/userspace-address.ts'
import { AGENT_MEMORY, slotAt } from '../memory/slots.ts'
import { overwrite } from '../memory/programs.ts'
import { signal } from '../eventfds/signal.ts'
import {
  isCollected,
  isIntoNothing,
  isOfMemory,
  isUnknownStore,
  makeDirty,
  signalledBy,
  type Store,
} from '../memory/store.ts'
import { isVgic } from '../vgic/running.ts'
import { isWatched, type DebugRegisters } from './debug-registers.ts'
import type { Entered, RunWrite } from './entered.ts'
import type { Access } from './instruction.ts'
import { get, set, type GuestRegisters } from './registers.ts'
import { leaveBeforeAccess } from './step.ts'

type Left = Pick<Entered, 'exit' | 'errno' | 'run' | 'effects'>

/** The guest goes on after it, with what it did to the VM and to kvm_run; or it leaves; undefined: nobody has looked. */
export type Accessed =
  | { goesOn: true; isEmulated?: true; stored?: bigint; run: readonly RunWrite[]; effect?: (here: Here) => void }
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
      ({ vcpu }) => {
        vcpu.mmio = { size, signed, ...(does === 'load' && { loads: rt }) }
        vcpu.faultAddress = address
      },
    ],
  }
}

/** A store changes memory, which may be the program's own. */
const makeStore = ({ world, vm }: Here, store: Store): void => {
  makeDirty(vm, store)
  const slot = slotAt(vm, store.address)!
  overwrite(world, slot.hva + store.address - slot.gpa, BigInt(store.size))
}

const store = (
  here: Here,
  access: Access,
  address: bigint,
  value: bigint | undefined,
  isWatched: boolean,
): Accessed => {
  const { vm, world } = here
  const at: Store = { address, size: access.size, value }
  if (isUnknownStore(vm, at) || (world.isAnyEventfd && !isOfMemory(vm, at))) return undefined
  if (isIntoNothing(vm, at)) return { errno: 'EFAULT', run: [], effects: [] }
  if (isOfMemory(vm, at))
    return isWatched
      ? leaveBeforeAccess('store', address)
      : { goesOn: true, run: [], stored: address & ~3n, effect: (there) => makeStore(there, at) }
  const eventfd = access.writesBack === undefined ? signalledBy(vm, at) : undefined
  if (eventfd !== undefined)
    return {
      goesOn: true,
      isEmulated: true,
      run: mmioOf(access, address),
      effect: (there) => signal(there.world, eventfd),
    }
  return access.writesBack === undefined && isCollected(vm, at)
    ? { goesOn: true, isEmulated: true, run: mmioOf(access, address) }
    : leave(here, access, address, value)
}

const load = (here: Here, access: Access, registers: GuestRegisters, address: bigint, isWatched: boolean): Accessed => {
  const slot = slotAt(here.vm, address)
  if (!slot) return leave(here, access, address, undefined)
  const hva = slot.hva + address - slot.gpa
  if (hva >= RAM + AGENT_MEMORY) return undefined
  if (hva < RAM) return { errno: 'EFAULT', run: [], effects: [] }
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
): Accessed => {
  const base = get(registers, access.rn)
  if (access.rn === 31 || base === undefined) return undefined
  const address = BigInt.asUintN(64, base + access.offset)
  // Without an MMU all memory is a device's, which takes whole words only.
  if (address % BigInt(access.size) !== 0n || address >> 32n !== 0n) return undefined
  if (isVgic(here, address, access.size)) return undefined
  const isCaught = isWatched(debugRegisters, access, address)
  const result =
    access.does === 'store'
      ? store(here, access, address, get(registers, access.rt), isCaught)
      : load(here, access, registers, address, isCaught)
  if (result && 'goesOn' in result && access.writesBack !== undefined)
    set(registers, access.rn, BigInt.asUintN(64, base + access.writesBack))
  return result
}
