/**
 * What this system must allow a run. It is asked before TypeScript can be loaded, for which Node 22 waits for ever
 * where it can open no more files.
 */
import { readFileSync } from 'node:fs'

/** With too few, vitest leaves out suites that it cannot read, without a word. A run needs about 100. */
const FILES = 256

/** What is wrong where this process may not open as many files as a run needs. */
export const lacksFiles = () => {
  let limits
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return undefined
  }
  const [, files] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
  return files !== undefined && Number(files) < FILES
    ? `a process may open only ${files} files here, and a run needs ${FILES}; raise it with \`ulimit -n\``
    : undefined
}
