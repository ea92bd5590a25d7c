/**
 * Whether the guest does what its program says: userspace can change where it begins, what it sees, and how it runs.
 */
import { coreRegs, features, regs } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { ENTRY } from '../../model/guest-program.ts'
import { hasOtherProgram, programIn } from '../ram/programs.ts'
import { takesInterrupts } from '../programs/index.ts'
import { hasEl2 } from '../registers/core.ts'
import { isFollowed, followed } from '../registers/followed.ts'
import { isBitmap, isFirmware } from '../registers/firmware.ts'
import { isOfPmu } from '../registers/pmu.ts'
import { groupOf } from '../registers/table.ts'
import { overlap } from '../../model/overlap.ts'
import { isInterrupted } from '../vgic/running.ts'
import { isUsual } from './exception.ts'
import { findsOtherCode } from './other-code.ts'

/** Bytes from the entry on in which nothing but the program may lie. */
const PAGE = 0x1000n

const AARCH32 = 1 << features.KVM_ARM_VCPU_EL1_32BIT
const vectors = new Set([...coreRegs].filter(([name]) => name.startsWith('fp_regs.')).map(([, id]) => id))

/** No program looks at more than those that are followed, and at what firmware answers. */
const isHarmless = (id: bigint): boolean =>
  isFollowed(id)
  || vectors.has(id)
  || groupOf(id) === regs.KVM_REG_ARM64_SVE
  || isFirmware(id)
  || isBitmap(id)
  || isOfPmu(id)

/** KVM_SET_MP_STATE suspended it. What wakes it, but for a line of its own, nobody has looked. */
export const isSuspended = ({ vcpu }: Here): boolean => vcpu.isSuspended === true

/** Stolen time is written over its program, or interrupts may reach it. */
const isInterfered = (here: Here, takesThem: boolean): boolean =>
  (here.vcpu.stolenTime ?? PAGE) < ENTRY + PAGE || (isInterrupted(here) && !takesThem)

/** The vcpu is one of whose exceptions and instructions nobody has looked what they do. */
export const isUnusual = ({ vm, vcpu }: Here): boolean =>
  vcpu.isLost === true
  || (vcpu.features & AARCH32) !== 0
  || hasEl2(vcpu)
  || vcpu.serror !== undefined
  || [...vcpu.regs.keys(), ...vm.idRegs.keys()].some((id) => !isHarmless(id))
  || (vcpu.regs.has(followed.pstate) && !isUsual(vcpu.regs.get(followed.pstate)))

/** True where nobody can tell from the table what the guest does once it is entered. */
export const isDisturbed = (here: Here): boolean => {
  const { world, vm, vcpu } = here
  const [program, ...others] = vm.memslots.filter(({ gpa, size }) => overlap(gpa, size, ENTRY, PAGE))
  if (vcpu.off) return false
  if (program && (program.memfd || hasOtherProgram(world, program, PAGE))) return true
  if (!program || !programIn(world, program)) return findsOtherCode(here, isUnusual(here))
  return (
    isUnusual(here)
    || isInterfered(here, takesInterrupts(programIn(world, program)!.name))
    || others.length > 0
    || vm.memslots.some((slot) => slot !== program && !slot.memfd && overlap(slot.hva, slot.size, program.hva, PAGE))
  )
}
