/** Test processes end with their run, though it be killed outright. Vitest loads this into each of them. */

const run = process.ppid

/** Ends this process if its run is gone: who plays list after list on the mock hears of nothing else. */
export const endIfOrphan = (): void => {
  if (process.ppid !== run) process.kill(process.pid, 'SIGKILL')
}

process.once('disconnect', endIfOrphan)
