/** How long another process of this machine could have run and did not: on a busy host, or stopped by a signal. */
import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds that a thread has waited for a core since it began (Documentation/scheduler/sched-stats.rst). */
const waited = (pid: number, thread: string): number =>
  Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[1]) / 1e6

const isStopped = (pid: number): boolean => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.charAt(stat.lastIndexOf(')') + 2) === 'T'
}

/**
 * Gives a function that says how many milliseconds the process was kept from running since it was last asked: those of
 * the thread that waited longest, or all of them while it is stopped. 0 where the kernel does not tell.
 */
export const starvation = (pid: number): (() => number) => {
  let asked = performance.now()
  let before = new Map<string, number>()
  return () => {
    const passed = performance.now() - asked
    asked += passed
    try {
      const now = new Map(readdirSync(`/proc/${pid}/task`).map((thread) => [thread, waited(pid, thread)]))
      const longest = Math.max(0, ...[...now].map(([thread, ms]) => ms - (before.get(thread) ?? ms)))
      before = now
      return isStopped(pid) ? passed : Math.min(passed, longest)
    } catch {
      // It has ended, or this kernel keeps no such statistics.
      return 0
    }
  }
}
