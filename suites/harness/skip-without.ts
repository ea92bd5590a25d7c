/** Tests of this project that use a program which not every machine has. */
import type { TestContext } from 'vitest'
import { hasProgram } from '../../harness/process/programs.ts'

/** Skips the test that runs, and says why, where one of these programs is not in PATH. */
export const skipWithout = (context: TestContext, ...programs: readonly string[]): void => {
  const missing = programs.filter((name) => !hasProgram(name))
  if (missing.length > 0) context.skip(`not installed: ${missing.join(', ')}`)
}
