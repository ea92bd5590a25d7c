/** Whether the guest does what its program says: userspace can change where it begins, what it sees, and how it runs. */
import { coreRegs, features, regs } from '../../names/index.ts'
import type { Here, Vcpu } from '../../model/world.ts'
import { ENTRY } from '../../model/guest-program.ts'
import { isFirmware } from '../registers/firmware.ts'
import { groupOf } from '../registers/table.ts'
import { isGeneral } from '../registers/value.ts'
import { overlap } from '../vgic/redistributors.ts'
import { isDisturbed as isInterrupted } from '../vgic/running.ts'

const AARCH32 = 1 << features.KVM_ARM_VCPU_EL1_32BIT
const HAS_EL2 = 1 << features.KVM_ARM_VCPU_HAS_EL2
const vectors = new Set([...coreRegs].filter(([name]) => name.startsWith('fp_regs.')).map(([, id]) => id))

/** No program looks at more than x0 to x30, and at what firmware answers. */
const isHarmless = (id: bigint): boolean =>
  isGeneral(id) || vectors.has(id) || groupOf(id) === regs.KVM_REG_ARM64_SVE || isFirmware(id)

/** Where every guest program has ended. */
const END = ENTRY + 64n

const isWatched = ({ isSuspended, debug = 0, stolenTime = END }: Vcpu): boolean =>
  isSuspended === true || debug !== 0 || stolenTime < END

/**
 * True while nobody knows how far the guest comes: what wakes a suspended vcpu, where a debugged guest stops, what
 * stolen time and interrupts do to a program, nobody has looked. Where a signal ends the run, it goes on from there.
 */
export const isHeldUp = (here: Here): boolean => !here.vcpu.off && (isWatched(here.vcpu) || isInterrupted(here))

/** Bytes from the entry on in which nothing but the program may lie. */
const PAGE = 0x1000n

/** True where nobody can tell from the table what the guest does once it is entered. */
export const isDisturbed = (here: Here): boolean => {
  const { vm, vcpu } = here
  const [program, ...others] = vm.memslots.filter(({ gpa, size }) => overlap(gpa, size, ENTRY, PAGE))
  if (vcpu.off) return false
  if (program?.guest === undefined) return false
  return (
    vcpu.isLost === true
    || (vcpu.features & (AARCH32 | HAS_EL2)) !== 0
    || vcpu.serror !== undefined
    || others.length > 0
    || [...vcpu.regs.keys(), ...vm.idRegs.keys()].some((id) => !isHarmless(id))
    || vm.memslots.some((slot) => slot !== program && overlap(slot.hva, slot.size, program.hva, PAGE))
  )
}
