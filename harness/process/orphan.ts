/** Test processes end with their run, even where that is killed by SIGKILL. Vitest loads this into each of them. */

const run = process.ppid

/**
 * Ends this process if its run is gone. A process that plays on the mock without a pause handles no event that says so.
 */
export const endIfOrphan = (): void => {
  if (process.ppid !== run) process.kill(process.pid, 'SIGKILL')
}

// Vitest evaluates this for each file of tests, and a process may play many.
if (!process.listeners('disconnect').some(({ name }) => name === endIfOrphan.name))
  process.once('disconnect', endIfOrphan)
