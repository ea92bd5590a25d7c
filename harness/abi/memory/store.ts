/** What becomes of the one store of the guest program: it leaves the guest, is collected, or changes memory. */
import { MMIO_ADDRESS } from '../../model/guest-program.ts'
import type { CoalescedZone, Memslot, Vm } from '../../model/world.ts'
import { memFlags } from '../../names/index.ts'
import { RAM } from '../args/userspace-address.ts'
import { AGENT_MEMORY } from './slots.ts'
import { SHOWN_PAGES } from '../args/dirty-log.ts'
import { PAGE } from '../args/set-user-memory-region.ts'

/** Bytes that the program stores. */
const LENGTH = 4

const u64 = (n: bigint) => BigInt.asUintN(64, n)
const int = (n: number) => BigInt.asIntN(32, BigInt(n))

/** True where so many bytes at `addr` lie in the zone; the kernel takes their number for a signed one. */
export const isWithin = (zone: CoalescedZone, addr: bigint, size: number): boolean =>
  int(size) >= 0n
  && addr >= zone.addr
  && addr + int(size) <= u64(zone.addr + BigInt(zone.size))
  && addr + int(size) < 1n << 64n

/** Before the kernel asks a zone, it looks for one by address, and there takes the size of the zone for signed. */
const isFound = ({ addr, size }: CoalescedZone): boolean =>
  MMIO_ADDRESS + BigInt(LENGTH) <= u64(addr + int(size)) && isWithin({ addr, size, pio: 0 }, MMIO_ADDRESS, LENGTH)

const zones = ({ coalesced = [] }: Vm) => coalesced.filter(({ pio }) => pio === 0)

/** A slot with memory that can be written, at the address of the store. */
const slotThere = ({ memslots }: Vm): Memslot | undefined =>
  memslots.find(
    ({ gpa, size, flags }) =>
      gpa <= MMIO_ADDRESS && MMIO_ADDRESS < gpa + size && (flags & memFlags.KVM_MEM_READONLY) === 0,
  )

const behind = ({ hva, gpa }: Memslot): bigint => hva + MMIO_ADDRESS - gpa

/** True where the store stays inside: the guest goes on without userspace. */
export const isTaken = (vm: Vm): boolean => slotThere(vm) !== undefined || zones(vm).some(isFound)

/** True where the store has a slot, and there is nothing behind it. */
export const isIntoNothing = (vm: Vm): boolean => {
  const slot = slotThere(vm)
  return slot !== undefined && behind(slot) < RAM
}

/**
 * True where nobody knows what becomes of it: among zones that lie in each other the kernel may miss the one that it
 * looks for, and behind the agent's memory may be anything.
 */
export const isUnknownStore = (vm: Vm): boolean => {
  const slot = slotThere(vm)
  return slot ? behind(slot) >= RAM + AGENT_MEMORY : zones(vm).length > 1 && zones(vm).some(isFound)
}

/** The store is made: its page is dirty where there is a log, unless a ring has it. */
export const store = (vm: Vm): void => {
  const slot = slotThere(vm)
  if (slot?.log === undefined || vm.dirtyRing !== undefined) return
  const page = (MMIO_ADDRESS - slot.gpa) / PAGE
  if (page < SHOWN_PAGES) slot.log |= 1n << page
}
