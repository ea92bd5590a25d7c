/** A question that tells kernels apart: a list of calls whose last answer is another with a change than without it. */
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Release, Since } from '../../harness/model/release.ts'

/** What a question is about: a commit, or where none is known the rule of the table that changed. */
export interface AskedChange {
  commit?: string
  /** The commit's subject line, or the id of the rule. */
  title: string
  since: Since
}

export interface ReleaseQuestion {
  about: AskedChange
  calls: readonly Call[]
  /** What the calls before the last one are answered, granted where nothing is said; else the host cannot be asked. */
  prepared?: readonly (Answer | undefined)[]
  /** The last answers of a kernel with the change, and of one without. */
  having: Answer
  lacking: Answer
  /** Whether a kernel of the release answers as one that has the change; undefined: nobody can tell. */
  isHad(release: Release): boolean | undefined
}

/** Whether the answer that came is that one, as far as it says. */
export const isSame = (came: Answer, said: Answer): boolean =>
  came.ret === said.ret && (said.value === undefined || came.value === undefined || came.value === said.value)

/** Whether the two answers can be told apart. */
export const differ = (a: Answer, b: Answer): boolean =>
  a.ret !== b.ret || (a.value !== undefined && b.value !== undefined && a.value !== b.value)
