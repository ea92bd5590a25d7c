/** Guest programs in the agent's guest memory, which all VMs of the process share. */
import { sizeOf, wordsOf } from '../../model/guest-program.ts'
import type { Memslot } from '../../model/vm.ts'
import type { ProgramInMemory } from '../../model/contents.ts'
import type { World } from '../../model/world.ts'
import type { MemoryRegion } from '../args/set-user-memory-region.ts'
import { RAM } from '../args/userspace-address.ts'
import { programNamed } from '../programs/index.ts'
import { forgetPage, writeAt } from './shared-page.ts'
import { overlap } from '../../model/overlap.ts'

const bytesOf = ({ name }: ProgramInMemory): bigint => BigInt(sizeOf(programNamed(name)!))

/** A call with &guest(NAME) writes the program before the kernel is asked, whatever that answers then. */
export const putProgram = (world: World, { ram, guest, raw }: MemoryRegion): void => {
  if (guest === undefined || raw !== undefined) return
  const program: ProgramInMemory = { name: guest, overwritten: [] }
  overwrite(world, RAM + BigInt(ram), bytesOf(program))
  world.programs.set(ram, program)
  wordsOf(programNamed(guest)!).forEach((word, i) => writeAt(world.ram, ram + 4 * i, 4, BigInt(word)))
}

/** The program that stands where the memory of the slot begins; undefined where there is none. */
export const programIn = (world: World, { hva }: Memslot): ProgramInMemory | undefined =>
  hva < RAM ? undefined : world.programs.get(Number(hva - RAM))

/** True where another program has a part of so much memory, from where the slot begins. */
export const hasOtherProgram = (world: World, slot: Memslot, size: bigint): boolean =>
  [...world.programs].some(
    ([ram, other]) => other !== programIn(world, slot) && overlap(RAM + BigInt(ram), bytesOf(other), slot.hva, size),
  )

/** Bytes are written at an address of userspace: instructions that were there are others from now on. */
export function overwrite(world: World, hva: bigint, size: bigint): void {
  for (const [ram, program] of world.programs) {
    const { overwritten } = program
    if (overwritten === 'anywhere') continue
    const all = bytesOf(program)
    for (let at = hva; at < hva + size; at++) {
      const offset = at - RAM - BigInt(ram)
      if (offset >= 0n && offset < all) overwritten.push(offset & ~3n)
    }
  }
}

/** A guest may have written anywhere, of which nobody knows what it did. */
export const loseMemory = (world: World): void => {
  for (const program of world.programs.values()) program.overwritten = 'anywhere'
  forgetPage(world.ram)
}
