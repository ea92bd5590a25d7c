/** A change of the ABI that userspace meets when it comes from one release to another. */
import { reached, type Dated, type Release, type Since } from './release.ts'

export interface AbiChange {
  /** Twelve digits of the commit, and its subject line. */
  commit: string
  title: string
  /** The first releases that have it. */
  since: Since
  /** Registers that it lists, hides, or gives other values. */
  registers?: readonly bigint[]
  /** Names of capabilities, vcpu features and registers of the GIC that it brought or changed. */
  names?: readonly string[]
  /** Ids of the rules of the table that it brought or ended: a difference that one of them makes is its. */
  rules?: readonly string[]
  /** How a kernel shows whether it has it, where none of its rules does. */
  shown?: readonly ShownBy[]
}

/** A trace that is answered otherwise with a change than without. */
export interface ShownBy {
  /** Its last line has the answer of kernels that have the change. */
  trace: string
  /** The answer of others, as a trace has it: `-ENOENT`. */
  otherwise: string
  /** The releases in which the answer is the other one; all before the change where left out. */
  without?: Dated
}

/** True where one of the two kernels has the change, and the other has not. */
export const isBetween = ({ since }: AbiChange, a: Release, b: Release): boolean =>
  reached(a, since) !== reached(b, since)

/** As a report names it: commit, subject, and the mainline release that has it first. */
export const changeInWords = ({ commit, title, since }: Pick<AbiChange, 'commit' | 'title' | 'since'>): string =>
  `${commit} ${title} (${[since].flat()[0]})`
