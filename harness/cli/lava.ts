/** `lava`: a run as LAVA's test definitions hand in results. */
import { Command } from 'commander'
import { lavaResults } from '../../reports/formats/lava.ts'
import { readRun } from '../run/read-run.ts'
import { leave, screen } from './terminal.ts'

export const lava = (): Command =>
  new Command('lava')
    .description("write a run as a result file of LAVA's test definitions")
    .argument('<run>', 'the folder of its reports')
    .addHelpText(
      'after',
      `
A line for each test: its id, and pass, fail or skip, as the last line of the run counts it. What was not played fails. This is
what send-to-lava.sh of Linaro's test-definitions reads; reports/ci has a test definition and a job that use it.

Exit status: 0 it was written, whatever came of the run, 2 it could not be.`,
    )
    .action((folder: string) => {
      const { run, outcomes, unplayed } = readRun(folder)
      screen.write(lavaResults(run, outcomes, unplayed))
      leave(0)
    })
