/** A test that says what a kernel came to. */
import { test } from 'vitest'
import type { TaskMeta } from 'vitest'
import { failureText, type Report } from '../model/verdict.ts'

/**
 * Declares a test of the running suite file; `ask` gives what came of it. `isDivided`: where the run has shards, each
 * plays the test, and `ask` plays the shard's part of it.
 */
export const reportedTest = (
  title: string,
  ask: () => Promise<Report>,
  meta: Pick<TaskMeta, 'isDivided'> = {},
): void => {
  // A list has a deadline of its own; how long the whole takes is up to the host.
  test(title, { timeout: 0, meta }, async ({ task, skip }) => {
    const report = await ask()
    task.meta.report = report
    if (report.verdict === 'not offered') skip(report.why)
    if (report.verdict === 'violates' || report.verdict === 'not reproduced' || report.verdict === 'broken')
      throw new Error(failureText(report))
  })
}
