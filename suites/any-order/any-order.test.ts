import { test } from 'vitest'
import { anyOrder } from '../../harness/any-order.ts'
import { here, kernel, release } from '../../harness/here.ts'
import { anyCalls } from '../../harness/property.ts'
import { complaintOf } from '../../harness/verdict.ts'

test('in whatever order it is called, a kernel answers as the table allows', { timeout: 600_000 }, async ({ task }) => {
  const report = await anyOrder({ kernel, release }, anyCalls(12, { host: kernel.host }), here)
  task.meta.report = report
  if (report.verdict === 'violates' || report.verdict === 'broken') throw new Error(complaintOf(report))
})
