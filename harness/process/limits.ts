/** What this system must allow a run. */
import { readFileSync } from 'node:fs'
import { UserError } from './user-error.ts'

/** With too few, vitest leaves out suites that it cannot read, without a word. A run needs about 100. */
const FILES = 256

/** Throws a UserError where this process may not open as many files as a run needs. */
export const needFiles = (): void => {
  let limits: string
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return
  }
  const files = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  if (files !== undefined && Number(files) < FILES)
    throw new UserError(
      `a process may open only ${files} files here, and a run needs ${FILES}; raise it with \`ulimit -n\``,
    )
}
