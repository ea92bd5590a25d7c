/** `kcidb`: a run as KernelCI's common database takes it. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { kcidb as kcidbOf } from '../../reports/formats/kcidb.ts'
import { writeWhole } from '../process/files.ts'
import { readRun } from '../run/read-run.ts'
import { leave, screen } from './terminal.ts'

const matching =
  (pattern: RegExp, says: string) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new InvalidArgumentError(says)
    return text
  }

const id = matching(
  /^[a-z0-9_]+:[^\0]+$/,
  'Write it like maestro:6742a1, with the name of its origin before the colon.',
)

interface Said {
  origin: string
  build?: string
  checkout?: string
  out?: string
}

export const kcidb = (): Command =>
  new Command('kcidb')
    .description("write a run as KCIDB 5.3 JSON, for KernelCI's common database")
    .argument('<run>', 'the folder of its reports')
    .addOption(
      new Option('--origin <name>', 'the CI system that submits, as agreed with KernelCI')
        .argParser(matching(/^[a-z0-9_]+$/, 'It has the characters a to z, 0 to 9 and _.'))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--build <id>', 'the build that was tested, which is submitted already').argParser(id))
    .addOption(
      new Option('--checkout <id>', 'the checkout of the kernel, of which a build is then submitted, too')
        .argParser(id)
        .conflicts('build'),
    )
    .option('--out <file>', 'write it there, not to standard output')
    .addHelpText(
      'after',
      `
conforms is PASS, violates FAIL, not offered SKIP; broken and not reproduced are ERROR, what was not played MISS. What is
known is DONE, with an incident and an issue for the bug. To submit it, with the token that KernelCI gives you, at first
to staging.db.kernelci.org:
  curl --fail -X POST https://db.kernelci.org/submit -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' --data-binary @run.json

Exit status: 0 it was written, whatever came of the run, 2 it could not be.`,
    )
    .action((folder: string, { origin, build, checkout, out }: Said, command: Command) => {
      if (build === undefined && checkout === undefined)
        command.error('error: say what was tested, by --build or --checkout')
      const { run, outcomes, id: runId, unplayed } = readRun(folder)
      const on = build === undefined ? { checkout: checkout! } : { build }
      const text = `${JSON.stringify(kcidbOf(run, outcomes, { origin, on, run: runId, unplayed }), null, 1)}\n`
      if (out === undefined) screen.write(text)
      else writeWhole(out, text)
      leave(0)
    })
