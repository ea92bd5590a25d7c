/** What becomes of a store of the guest: it leaves the guest, is collected, signals an eventfd, or changes memory. */
import type { DescriptorNumber } from '../../model/descriptor-number.ts'
import type { CoalescedZone, Memslot, Vm } from '../../model/vm.ts'
import { memFlags } from '../../names/index.ts'
import { heardBy, mayMiss } from '../eventfds/stores.ts'
import { AGENT_MEMORY, RAM } from '../args/userspace-address.ts'
import { slotAt } from '../ram/slots.ts'

/** Where it stores, how many bytes, and what; undefined: not known. */
export interface Store {
  address: bigint
  size: number
  value?: bigint | undefined
}

const u64 = (n: bigint) => BigInt.asUintN(64, n)
const int = (n: number) => BigInt.asIntN(32, BigInt(n))

/** True where so many bytes at `addr` lie in the zone; the kernel takes their number for a signed one. */
export const isWithin = (zone: CoalescedZone, addr: bigint, size: number): boolean =>
  int(size) >= 0n
  && addr >= zone.addr
  && addr + int(size) <= u64(zone.addr + BigInt(zone.size))
  && addr + int(size) < 1n << 64n

/** Before the kernel asks a zone, it looks for one by address, and there takes the size of the zone for signed. */
const isFound = ({ addr, size }: CoalescedZone, store: Store): boolean =>
  store.address + BigInt(store.size) <= u64(addr + int(size))
  && isWithin({ addr, size, pio: 0 }, store.address, store.size)

const zones = ({ coalesced = [] }: Vm) => coalesced.filter(({ pio }) => pio === 0)

const areAlike = ([first, ...others]: readonly CoalescedZone[]): boolean =>
  others.every(({ addr, size }) => addr === first!.addr && size === first!.size)

/** A slot with memory that can be written, at the address of the store. */
const slotThere = (vm: Vm, { address }: Store): Memslot | undefined => {
  const slot = slotAt(vm, address)
  return slot && (slot.flags & memFlags.KVM_MEM_READONLY) === 0 ? slot : undefined
}

const behind = ({ hva, gpa }: Memslot, { address }: Store): bigint => hva + address - gpa

/** True where the kernel collects the store for userspace. */
export const isCollected = (vm: Vm, store: Store): boolean => zones(vm).some((zone) => isFound(zone, store))

/** True where the store changes memory. */
export const isOfMemory = (vm: Vm, store: Store): boolean => slotThere(vm, store) !== undefined

/** True where the store has a slot, and there is nothing behind it. */
export const isIntoNothing = (vm: Vm, store: Store): boolean => {
  const slot = slotThere(vm, store)
  return slot !== undefined && (slot.memfd ? slot.memfd.isClosed === true : behind(slot, store) < RAM)
}

/**
 * True where nobody knows what becomes of it: among different zones that lie in each other the kernel may miss the one
 * that it looks for, and behind the agent's memory may be anything.
 */
export const isUnknownStore = (vm: Vm, store: Store): boolean => {
  const slot = slotThere(vm, store)
  if (slot) return !slot.memfd && behind(slot, store) >= RAM + AGENT_MEMORY
  const isHeard = heardBy(vm, store)
  return (
    isHeard === 'unknown'
    || (!areAlike(zones(vm)) && isCollected(vm, store))
    || ((isHeard !== undefined || isCollected(vm, store)) && mayMiss(vm, store))
  )
}

/** The eventfd that hears of the store; undefined: none does. */
export const signalledBy = (vm: Vm, store: Store): DescriptorNumber | undefined => {
  const one = heardBy(vm, store)
  return one === 'unknown' ? undefined : one?.eventfd
}
