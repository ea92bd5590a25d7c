/** What QEMU has to be told so that it migrates although one of the hosts has registers that the other has not. */
import { hex } from '../../harness/model/scalar.ts'
import type { Fate } from './fate.ts'

/**
 * The ids that the other host lacks, as the properties x-mig-safe-missing-regs and x-mig-hidden-regs of a CPU take
 * them; undefined where it lacks none.
 */
export const hiddenRegisters = (fates: readonly Fate[]): string | undefined => {
  const ids = fates.flatMap(({ kind, piece }) => (kind === 'missing' && piece.id !== undefined ? [hex(piece.id)] : []))
  return ids.length === 0 ? undefined : ids.join(', ')
}
