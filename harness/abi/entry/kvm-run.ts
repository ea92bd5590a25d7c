/** What struct kvm_run of a vcpu holds, byte by byte, since its members lie over each other. */
import type { Contents } from '../../model/contents.ts'
import { forgetPage, readAt, writeAt } from '../ram/shared-page.ts'
import { placeOf, type RunField } from '../args/kvm-run.ts'

/** The number in the first bytes of a field. */
export const readBytes = (run: Contents, field: RunField, length: number): bigint | undefined =>
  readAt(run, placeOf(field)[0], length)

/** The number in a field. */
export const read = (run: Contents, field: RunField): bigint | undefined => readAt(run, ...placeOf(field))

/** Writes a field, or only so many of its bytes. */
export const write = (run: Contents, field: RunField, value: bigint | undefined, length?: number): void =>
  writeAt(run, placeOf(field)[0], length ?? placeOf(field)[1], value)

/** What no exit writes over. */
const [LEVELS, LEVELS_SIZE] = placeOf('s.regs.device_irq_level')

/** A guest ran of which nobody knows why it left. */
export const forget = (run: Contents): void => {
  const levels = Array.from({ length: LEVELS_SIZE }, (_, i) => readAt(run, LEVELS + i, 1))
  forgetPage(run)
  for (const [i, byte] of levels.entries()) writeAt(run, LEVELS + i, 1, byte)
}
