/** A machine that is made too busy on purpose: to see that no verdict depends on how fast it is. */
import { spawnChild } from '../process/child.ts'
import { childrenOf } from '../process/children.ts'

/** Guests are stopped for up to so long at a time, and let run for as long. */
const MOST_STOPPED_MS = 5000
/** A guest that has half its CPU is stopped every other one of these. */
const HALF_MS = 50

/** So many loops in one session, which the scheduler gives one share, so that what is tested still gets on. */
const busyLoops = (loops: number): string[] => [
  '/bin/sh',
  '-c',
  `for i in $(seq ${loops}); do while :; do :; done & done; wait`,
]

const guestsOf = (pid: number): number[] =>
  childrenOf(pid)
    .filter(({ name }) => name.startsWith('qemu-'))
    .map((process) => process.pid)

const signal = (pid: number | undefined, name: NodeJS.Signals): void => {
  try {
    if (pid !== undefined) process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

/** Makes the machine busy for the process `pid` and the guests that it starts; gives what ends that. */
export const overload = (pid: number, loops: number): (() => Promise<void>) => {
  const busy = spawnChild(busyLoops(loops), 'ignore')
  const timers = new Set<NodeJS.Timeout>()
  let isOver = false
  const later = (ms: number, then: () => void): void => {
    if (isOver) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      then()
    }, ms)
    timers.add(timer)
  }
  // The first guest is stopped at random, the second has half its CPU.
  const stopAndGo = (): void =>
    later(Math.random() * MOST_STOPPED_MS, () => {
      const [first] = guestsOf(pid)
      signal(first, 'SIGSTOP')
      later(Math.random() * MOST_STOPPED_MS, () => {
        signal(first, 'SIGCONT')
        stopAndGo()
      })
    })
  const halve = (): void =>
    later(HALF_MS, () => {
      const [, second] = guestsOf(pid)
      signal(second, 'SIGSTOP')
      later(HALF_MS, () => {
        signal(second, 'SIGCONT')
        halve()
      })
    })
  stopAndGo()
  halve()
  return async () => {
    isOver = true
    for (const timer of timers) clearTimeout(timer)
    for (const guest of guestsOf(pid)) signal(guest, 'SIGCONT')
    busy.kill()
    await busy.ended
  }
}
