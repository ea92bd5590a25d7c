/** Counterexamples of the past, kept for ever: on every kernel the table must explain each answer to them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import { causeOf, judgedReport } from '../../harness/suite/judged-report.ts'
import { confirmedReport } from '../../harness/suite/confirm.ts'
import { kernel, release } from '../../harness/suite/here.ts'
import { reportedTest } from '../../harness/suite/reported-test.ts'
import { parse } from '../../harness/table/notation.ts'

const folder = join(import.meta.dirname, '../../fixtures/traces')

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.trace'))
  .sort())
  reportedTest(file.replace(/\.trace$/, ''), async () => {
    const text = readFileSync(join(folder, file), 'utf8')
    const calls = parse(text, file, ioctlsOf(kernel.host)).map(({ call }) => call)
    const { steps: _, ...report } = await confirmedReport(
      kernel,
      (on) => judgedReport({ kernel: on, release }, calls),
      causeOf,
    )
    return report
  })
