/** `run`: plays the suites on a target, and reports. */
import { root } from '../process/root.ts'
import { Command, Option } from 'commander'
import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { folderForRun, LATEST } from '../../reports/run/runs.ts'
import type { Settings } from '../model/settings.ts'
import type { AskedBefore } from '../../reports/run/record.ts'
import type { Effort, RunOptions } from '../run/conformance.ts'
import type { Suites } from '../run/suites.ts'
import { cpu, pinned } from './cpu.ts'
import { exclude, only, release, runs, seed, strict, target, wholeNumber } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Said extends Omit<Settings, 'strict'> {
  strict?: true
  cpu?: number
  only?: string[]
  exclude?: string[]
  list?: true
  everything?: true
  long?: true
  reports?: string
  resume?: true
  failed?: string | true
  known?: string
  jobs?: number
  timeout?: number
}

/** The folder as a person here would name it. */
const fromHere = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}

/** Where a link leads; what is not there stays as it is said. */
const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

type Asked = Omit<RunOptions, 'reports' | keyof Effort>

/** What the options ask of a run, with what is usual where they say nothing. */
const askedBy = async (said: Said): Promise<Asked> => {
  const { conformanceSuites, everySuite, longSuites } = await import('../run/suites.ts')
  const { target, seed, runs, release, strict, cpu, only, exclude, known, long, everything } = said
  return {
    target: pinned(target, cpu),
    seed,
    runs,
    strict: strict === true,
    include: long ? longSuites : everything ? everySuite : conformanceSuites,
    ...(release !== undefined && { release }),
    ...(only && { only }),
    ...(exclude && { exclude }),
    ...(known !== undefined && { known: resolve(known) }),
  }
}

/** Of that what the user has said, without what is usual. */
const onlySaid = (asked: Asked, { cpu }: Said, command: Command): Partial<AskedBefore> => {
  const isSaid = (name: string) =>
    (name === 'include' ? ['everything', 'long'] : [name]).some((own) => command.getOptionValueSource(own) === 'cli')
  return Object.fromEntries(
    Object.entries(asked).filter(([name]) => isSaid(name) || (name === 'target' && cpu !== undefined)),
  )
}

const list = async (All: typeof Suites, { include, target, ...selection }: Asked): Promise<number> => {
  const suites = await All.open(include, target)
  try {
    for (const { id, name } of await suites.find(selection)) screen.write(`${id}\t${name}\n`)
  } finally {
    await suites.close()
  }
  return 0
}

const failedBefore = async (said: string | true, out: string): Promise<AskedBefore> => {
  const { failedIn } = await import('../run/failed.ts')
  return failedIn(fromHere(realPath(resolve(said === true ? join(out, LATEST) : said))))
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
    .addOption(release())
    .addOption(strict())
    .option('--list', 'list ids and names of the tests, a line each, and play nothing')
    .option('--everything', 'the tests of this project itself, too')
    .addOption(
      new Option('--long', 'those tests of this project itself that take minutes, and no others').conflicts(
        'everything',
      ),
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
      ).conflicts(['resume', 'only', 'everything', 'long', 'list']),
    )
    .addHelpText(
      'after',
      `
Exit status: 0 conforms, 1 violates, 2 could not do what was asked or cannot tell (broken, not
reproduced), 4 everything was skipped; 128 and a signal's number where one ended it (134: out of
memory). git bisect takes 2 and 4 for bad; this skips commits of which nothing can be said:
  git bisect run sh -c 'make Image || exit 125
    node …/harness/bin.js run --target qemu:arch/arm64/boot/Image
    code=$?; case $code in 2 | 4) code=125;; esac; exit $code'`,
    )
    .action(async (said: Said, command: Command) => {
      // What plays takes its time to load, and bad options need not wait for it.
      const { Suites } = await import('../run/suites.ts')
      const asked = await askedBy(said)
      if (said.list) return leave(await list(Suites, asked))
      const { conformance, finish } = await import('../run/conformance.ts')
      const { jobs, timeout } = said
      const effort = { ...(jobs !== undefined && { jobs }), ...(timeout !== undefined && { timeout }) }
      const out = join(root, 'reports/out')
      if (said.resume) {
        const folder = fromHere(realPath(resolve(said.reports ?? join(out, LATEST))))
        return leave(await finish(folder, onlySaid(asked, said, command), screen, effort))
      }
      const before = said.failed && (await failedBefore(said.failed, out))
      const all = before ? { ...before, ...onlySaid(asked, said, command) } : asked
      const folder = said.reports === undefined ? await folderForRun(out) : resolve(said.reports)
      leave(await conformance({ ...all, ...effort, reports: fromHere(folder) }, screen))
    })
