/** `overload`: whole runs on a machine that is kept too busy. */
import { mkdtempSync } from 'node:fs'
import { tmpdir, loadavg } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { readResults } from '../../reports/run/results.ts'
import type { Results } from '../../reports/run/results-schema.ts'
import { UserError } from '../process/user-error.ts'
import { spawnChild } from '../process/child.ts'
import { runCommand } from '../process/own-command.ts'
import { verdicts } from '../model/verdict.ts'
import { runs, target, wholeNumber } from './options.ts'
import { leave, screen } from './terminal.ts'

const LOOPS = 10

/** What came of one run, and how long it took. */
const one = async (asked: {
  target: string
  runs: number
}): Promise<{ results: Results; seconds: number; load: number }> => {
  const { overload } = await import('../studies/overload.ts')
  const reports = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
  const begun = performance.now()
  const child = spawnChild(runCommand({ ...asked, reports }), ['ignore', 'ignore', 'pipe'])
  const relieve = overload(child.process.pid!, LOOPS)
  const how = await child.ended
  const load = loadavg()[0]!
  await relieve()
  const seconds = (performance.now() - begun) / 1000
  try {
    return { results: readResults(reports), seconds, load }
  } catch {
    throw new UserError(`a run left no results (${how}): ${child.stderr().trim().split('\n').at(-1) ?? ''}`)
  }
}

export const overload = (): Command =>
  new Command('overload')
    .description('run the suites on a machine that is kept too busy: does any verdict depend on its speed?')
    .addOption(target())
    .addOption(runs())
    .addOption(new Option('--times <n>', 'how many runs').argParser(wholeNumber(1, 999)).default(10))
    .addHelpText(
      'after',
      `
${LOOPS} busy loops run beside it; of two guests one is stopped for up to 5 s at random, the other gets
half its CPU.
Exit status: 0 all runs were alike, 1 some were not, 2 a run could not do what was asked.`,
    )
    .action(async (asked: { target: string; runs: number; times: number }) => {
      const seen = new Set<string>()
      for (let n = 1; n <= asked.times; n++) {
        const {
          results: { tally, random = {}, tests },
          seconds,
          load,
        } = await one(asked)
        const told = verdicts.map((verdict) => `${verdict} ${tally.verdicts[verdict]}`).join(', ')
        seen.add(`${told} ${JSON.stringify(random)}`)
        screen.write(
          `run ${n}: ${told}; random ${JSON.stringify(random)}; ${seconds.toFixed(0)} s, load ${load.toFixed(1)}\n`,
        )
        for (const { id, verdict, why } of tests)
          if (!['conforms', 'not offered', 'known'].includes(verdict))
            screen.write(`  ${verdict}: ${id}: ${why ?? ''}\n`)
      }
      screen.write(seen.size === 1 ? 'all runs were alike\n' : `${seen.size} kinds of runs\n`)
      leave(seen.size === 1 ? 0 : 1)
    })
