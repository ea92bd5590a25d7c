/** `run`: plays the suites on a target, and reports. */
import { Command, Option } from 'commander'
import { resolve } from 'node:path'
import { fastRuns, type Settings } from '../model/settings.ts'
import type { AskedBefore } from '../../reports/run/record.ts'
import type { Asked } from '../run/run-options.ts'
import type { Suites } from '../run/suites.ts'
import { cpu, pinned } from './cpu.ts'
import { exclude, only, release, runs, seed, shard, strict, target, wholeNumber } from './options.ts'
import { begunReports, withReports } from './reports-folder.ts'
import { leave, screen } from './terminal.ts'

interface Said extends Omit<Settings, 'strict'> {
  strict?: true
  cpu?: number
  only?: string[]
  exclude?: string[]
  list?: true
  bisect?: true
  everything?: true
  long?: true
  fast?: true
  reports?: string
  resume?: true
  failed?: string | true
  known?: string
  jobs?: number
  timeout?: number
}

/** What the options ask of a run, with what is usual where they say nothing. */
const askedBy = async (said: Said): Promise<Asked> => {
  const { conformanceSuites, everySuite, fastSuites, longSuites } = await import('../run/suites.ts')
  const { target, seed, runs, shard, release, strict, cpu, only, exclude, known, long, fast, everything } = said
  return {
    target: pinned(target, cpu),
    seed,
    runs,
    strict: strict === true,
    include: long ? longSuites : everything ? everySuite : fast ? fastSuites : conformanceSuites,
    ...(shard && { shard }),
    ...(release !== undefined && { release }),
    ...(only && { only }),
    ...(exclude && { exclude }),
    ...(known !== undefined && { known: resolve(known) }),
  }
}

/** Of that what the user has said, without what is usual. */
const onlySaid = (asked: Asked, { cpu }: Said, command: Command): Partial<AskedBefore> => {
  const isSaid = (name: string) =>
    (name === 'include' ? ['everything', 'long', 'fast'] : [name]).some(
      (own) => command.getOptionValueSource(own) === 'cli',
    )
  return Object.fromEntries(
    Object.entries(asked).filter(([name]) => isSaid(name) || (name === 'target' && cpu !== undefined)),
  )
}

const list = async (All: typeof Suites, { include, target, shard, runs, ...selection }: Asked): Promise<number> => {
  const { testsOfShard } = await import('../run/sharding.ts')
  const suites = await All.open(include, target)
  try {
    const found = await suites.find(selection)
    for (const { id, name } of testsOfShard(found, shard, runs)) screen.write(`${id}\t${name}\n`)
  } finally {
    await suites.close()
  }
  return 0
}

const failedBefore = async (said: string | true): Promise<AskedBefore> => {
  const { failedIn } = await import('../run/failed.ts')
  return failedIn(begunReports(said === true ? undefined : said))
}

export const run = (): Command =>
  new Command('run')
    .description('play the suites on a target, and report')
    .addOption(target())
    .addOption(cpu())
    .addOption(only())
    .addOption(exclude())
    .addOption(seed())
    .addOption(runs())
    .addOption(shard())
    .addOption(release())
    .addOption(strict())
    .option('--list', 'list ids and names of the tests, a line each, and play nothing')
    .option('--everything', 'the tests of this project itself, too')
    .addOption(
      new Option('--long', 'those tests of this project itself that take minutes, and no others').conflicts(
        'everything',
      ),
    )
    .addOption(
      new Option(
        '--fast',
        `no laws, no sweep over all registers, and where --runs says nothing ${fastRuns} random sequences`,
      )
        .conflicts(['everything', 'long'])
        .implies({ runs: fastRuns }),
    )
    .option(
      '--known <file>',
      'failures that are known, and count as such: a line each, an id, a name or a cause, and its reason after #',
    )
    .option('--reports <folder>', 'where reports are written, if not in a new folder in reports/out of the project')
    .option('--resume', 'finish the run in that folder, or the latest, which was cut off: play what has no verdict')
    .addOption(
      new Option(
        '--jobs <n>',
        'so many guests, or agents on a board, side by side (usual: 2 guests, 1 agent)',
      ).argParser(wholeNumber(1, 64)),
    )
    .addOption(
      new Option(
        '--timeout <s>',
        'end the run after so many seconds, with what is known by then; --resume finishes it',
      ).argParser(wholeNumber(1, 1_000_000)),
    )
    .addOption(
      new Option(
        '--failed [folder]',
        'the tests that failed in the run in that folder, or the latest, as it was asked but for what is asked now',
      ).conflicts(['resume', 'only', 'everything', 'long', 'fast', 'list']),
    )
    .option('--bisect', 'exit as git bisect run wants it: 125 where nothing can be told, instead of 2 and 4')
    .addHelpText(
      'after',
      `
Exit status: 0 conforms, 1 violates, 2 could not do what was asked or cannot tell (broken, not
reproduced), 4 everything was skipped; 128 and a signal's number where one ended it (134: out of
memory). For git bisect, which takes 2 and 4 for bad (a kernel that does not boot ends with 2):
  git bisect run sh -c 'make Image || exit 125
    node …/harness/bin.js run --bisect --target qemu:arch/arm64/boot/Image'`,
    )
    .action(async (said: Said, command: Command) => {
      // What plays takes its time to load, and bad options need not wait for it.
      const { Suites } = await import('../run/suites.ts')
      const asked = await askedBy(said)
      if (said.list) return leave(await list(Suites, asked))
      const { conformance, finish } = await import('../run/conformance.ts')
      const { jobs, timeout } = said
      const effort = { jobs, timeout }
      if (said.resume) {
        return leave(await finish(begunReports(said.reports), onlySaid(asked, said, command), screen, effort))
      }
      const before = said.failed && (await failedBefore(said.failed))
      const all = before ? { ...before, ...onlySaid(asked, said, command) } : asked
      leave(await withReports(said.reports, (reports) => conformance({ ...all, ...effort, reports }, screen)))
    })
