/**
 * Runs some of the samples beside this file as a command would: `node --import typescript.js run.ts TARGET REPORTS
 * NAME...`.
 */
import { conformance } from '../../../harness/run/conformance.ts'
import { leave, screen } from '../../../harness/cli/terminal.ts'
import { defaults } from '../../../harness/model/settings.ts'
import { useTemporaryFolder } from '../../../harness/process/temporary.ts'

const [target, reports, ...names] = process.argv.slice(2)

const include = names.map((n) => `suites/harness/sample/**/${n}.sample.ts`)
await useTemporaryFolder()
leave(await conformance({ ...defaults, target: target!, reports: reports!, include }, screen))
