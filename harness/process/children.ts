/** The processes that a process has started, as Linux knows them. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Process {
  pid: number
  /** The name of its program, at most 15 bytes. */
  name: string
}

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'latin1').trimEnd()

/** What `look` gives; nothing where the process has ended meanwhile. */
const unlessEnded = <T>(look: () => T[]): T[] => {
  try {
    return look()
  } catch {
    return []
  }
}

/** Those that a process has started itself, the oldest first; none once it has ended. */
export const childrenOf = (parent: number): Process[] => {
  const threads = unlessEnded(() => readdirSync(`/proc/${parent}/task`))
  const pids = threads.flatMap((thread) =>
    unlessEnded(() => readFileSync(`/proc/${parent}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean)),
  )
  return pids
    .map(Number)
    .toSorted((a, b) => a - b)
    .flatMap((pid) => unlessEnded(() => [{ pid, name: nameOf(pid) }]))
}

/** Those that it has started, and those that these have started in turn. */
export const descendantsOf = (parent: number): Process[] =>
  childrenOf(parent).flatMap((child) => [child, ...descendantsOf(child.pid)])
