/** What is done before this process ends. */

/** The signals that end a process and can be heard. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

for (const name of ENDING) {
  const last = (): void => {
    process.off(name, last)
    // Another listener ends the process when it is ready to.
    if (process.listenerCount(name) > 0) return
    process.emit('exit', process.exitCode === undefined ? 0 : Number(process.exitCode))
    process.kill(process.pid, name)
  }
  process.on(name, last)
}

/** Does `work`, which takes no time, before this process ends, unless it is killed outright. */
export const atEnd = (work: () => void): void => {
  process.once('exit', work)
}
