/** Of which stores of the guest an eventfd hears. */
import type { Ioeventfd, Vm } from '../../model/vm.ts'

/** Two of them that the kernel cannot tell apart by address, length and value. */
export const collide = (a: Ioeventfd, b: Ioeventfd): boolean =>
  a.bus === b.bus
  && a.addr === b.addr
  && (a.len === 0
    || b.len === 0
    || (a.len === b.len && (a.datamatch === undefined || b.datamatch === undefined || a.datamatch === b.datamatch)))

/** The same one, said twice. */
export const isSame = (a: Ioeventfd, b: Ioeventfd): boolean =>
  a.bus === b.bus && a.addr === b.addr && a.len === b.len && a.eventfd === b.eventfd && a.datamatch === b.datamatch

interface Written {
  address: bigint
  size: number
  /** undefined: not known. */
  value?: bigint | undefined
}

const hears = ({ bus, addr, len }: Ioeventfd, { address, size }: Written): boolean =>
  bus === 'mmio' && addr === address && (len === 0 || len === size)

/** The one that hears of the store; 'unknown' where it depends on a value that nobody knows; undefined: none. */
export const heardBy = ({ ioeventfds = [] }: Vm, store: Written): Ioeventfd | 'unknown' | undefined => {
  const there = ioeventfds.filter((one) => hears(one, store))
  const { value, size } = store
  if (value === undefined) return there.find(({ datamatch }) => datamatch === undefined) ?? (there[0] && 'unknown')
  const written = BigInt.asUintN(8 * size, value)
  return there.find(({ datamatch }) => datamatch === undefined || datamatch === written)
}

/** Places on the bus of guest addresses that touch the store, each by where it begins and how long it is. */
const placesAt = ({ ioeventfds = [], coalesced = [] }: Vm, { address, size }: Written): ReadonlySet<string> =>
  new Set(
    [
      ...ioeventfds
        .filter(({ bus }) => bus === 'mmio')
        .filter(({ addr, len }) => addr < address + BigInt(size) && address < addr + BigInt(len || 1)),
      ...coalesced.filter(({ pio }) => pio === 0).map((zone) => ({ ...zone, len: zone.size })),
    ].map(({ addr, len }) => `${addr} ${len}`),
  )

/**
 * True where the kernel may look past the one that hears of the store: it searches by address as if no two places lay
 * in each other.
 */
export const mayMiss = (vm: Vm, store: Written): boolean =>
  (vm.ioeventfds ?? []).length > 0 && placesAt(vm, store).size > 1
