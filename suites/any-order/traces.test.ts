/** Counterexamples of the past, kept for ever: on every kernel the table must explain each answer to them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dialectOf, ioctlsOf } from '../../harness/dialects/index.ts'
import type { Call } from '../../harness/model/call.ts'
import type { Report } from '../../harness/model/verdict.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { causeOf, judgedReport } from '../../harness/suite/judged-report.ts'
import { confirmedReport } from '../../harness/suite/confirm.ts'
import { kernel, release } from '../../harness/suite/here.ts'
import { reportedTest } from '../../harness/suite/reported-test.ts'
import { parse } from '../../harness/table/notation.ts'

const folder = join(import.meta.dirname, '../../fixtures/traces')
const dialect = dialectOf(kernel.host)

/** The calls of a trace of what shipped; or why the dialect that the kernel speaks cannot say them. */
const callsOf = (file: string): Call[] | Report => {
  const text = readFileSync(join(folder, file), 'utf8')
  try {
    return parse(text, file, ioctlsOf(kernel.host)).map(({ call }) => call)
  } catch (error) {
    if (!dialect || !(error instanceof UserError)) throw error
    const why = `${dialect.name} cannot say it: ${error.message.replace(/^\S+:\d+: /, '')}`
    return { layer: 'any order', verdict: 'not offered', why, lists: 0, calls: 0 }
  }
}

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.trace'))
  .sort())
  reportedTest(file.replace(/\.trace$/, ''), async () => {
    const calls = callsOf(file)
    if (!Array.isArray(calls)) return calls
    const { steps: _, ...report } = await confirmedReport(
      kernel,
      (on) => judgedReport({ kernel: on, release }, calls),
      causeOf,
    )
    return report
  })
