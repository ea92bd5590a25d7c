/** What happened to a machine and is no list's own doing, as far as can be told. */
import type { Death } from '../link/agent-link.ts'
import { isFault } from '../model/kernel-log.ts'
import type { OpsList } from './job.ts'

export interface Incident {
  /** One line: its last words, or the line of its log. */
  why: string
  log: string[]
  /** died: it went away; late: it was given up; logged: its kernel complained while nothing was played. */
  how: 'died' | 'late' | 'logged'
  /** A list was in play; the test that asked for it reports it. */
  hadWork: boolean
  /** The lists that it played last, oldest first. */
  before: OpsList[]
}

/** An agent or its machine went away; `before`: what it played last. */
export const incidentOfDeath = ({ why, log, hadWork, isLate }: Death, before: OpsList[]): Incident => ({
  why,
  log,
  hadWork,
  how: isLate ? 'late' : 'died',
  before,
})

/** These lines appeared while nothing was played; no incident where none of them is a complaint. */
export const incidentsOfLog = (log: string[], before: OpsList[]): Incident[] => {
  const why = log.find(isFault)
  return why === undefined ? [] : [{ why, log, hadWork: false, how: 'logged', before }]
}
