/** Test processes end with their run, though it be killed outright. Vitest loads this into each of them. */

const run = process.ppid

/** Ends this process if its run is gone: who plays list after list on the mock hears of nothing else. */
export const endIfOrphan = (): void => {
  if (process.ppid !== run) process.kill(process.pid, 'SIGKILL')
}

// Vitest evaluates this for each file of tests, and a process may play many.
if (!process.listeners('disconnect').some(({ name }) => name === endIfOrphan.name))
  process.once('disconnect', endIfOrphan)
