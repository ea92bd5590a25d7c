/** A place where the documentation and the kernel say different things. */
import type { Dated } from './release.ts'
import type { Citation, Statement } from './rule.ts'

/** A disagreement about something that no row is about; dated by the releases that behave so. */
export interface Disagreement extends Dated {
  ioctl: string
  why: string
  /** What the kernel does. */
  does: string
  cite: Citation
  text: readonly Statement[]
}
