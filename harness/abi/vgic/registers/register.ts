/** Registers of 32 bits at offsets into a frame: what KVM's tables of vgic_register_region say. */
import { holdsIn, type Dated } from '../../../model/release.ts'
import type { Vgic } from '../../../model/vgic.ts'
import type { Here } from '../../../model/world.ts'
import type { Vcpu } from '../../../model/vcpu.ts'

/** A register that is looked at. */
export interface At {
  here: Here
  vgic: Vgic
  /** The vcpu whose registers these are, where every vcpu has its own. */
  cpu: Vcpu
  /** How many registers of 32 bits stand before it in its place. */
  index: number
}

export interface Register {
  /** What userspace reads; undefined: nobody knows. */
  reads(at: At): bigint | undefined
  /** What a write leaves; absent: it is ignored. */
  writes?(at: At, value: bigint): void
}

/** `size` bytes of a frame, from the offset `at` on, in the releases that have it. */
export interface Place extends Dated {
  at: number
  size: number
  /** Bits that every interrupt has there: the place ends where the interrupts end. */
  perIrq?: number
  is: Register
}

/** Where a register of the GIC architecture stands. */
export const placed = ([at, size]: readonly [number, number], is: Register): Place => ({ at, size, is })

/** The same with so many bits for every interrupt. */
export const perIrq = ([at, size]: readonly [number, number], bits: number, is: Register): Place => ({
  at,
  size,
  perIrq: bits,
  is,
})

/** Reads as zero, and writes are ignored. */
export const zero: Register = { reads: () => 0n }

/** Reads as that number, and writes are ignored. */
export const constant = (value: bigint): Register => ({ reads: () => value })

/** The place of the register of 32 bits at that offset; undefined: there is none. */
export const placeAt = (places: readonly Place[], { world, vm }: Here, offset: bigint): Place | undefined => {
  if (offset % 4n !== 0n) return undefined
  const place = places.find(
    (p) => offset >= BigInt(p.at) && offset < BigInt(p.at + p.size) && holdsIn(world.release, p),
  )
  if (place?.perIrq === undefined) return place
  const irq = ((Number(offset) - place.at) * 8) / place.perIrq
  return irq < vm.vgic!.nrIrqs ? place : undefined
}
