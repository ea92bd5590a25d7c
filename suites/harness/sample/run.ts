// Runs some of the samples beside this file as a command would: `tsx run.ts REPORTS NAME...`.
import { conformance } from '../../../harness/conformance.ts'
import { leave, screen } from '../../../harness/commands/terminal.ts'
import { usual } from '../../../harness/settings.ts'

const [reports, ...names] = process.argv.slice(2)

leave(await conformance({ ...usual, reports: reports!, include: names.map((n) => `suites/harness/sample/**/${n}.sample.ts`) }, screen))
