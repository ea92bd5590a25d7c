/** `run`: plays the suites on a target, and reports. */
import { root } from '../process/root.ts'
import { Command, Option } from 'commander'
import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { folderForRun, LATEST } from '../../reports/run/runs.ts'
import type { Settings } from '../model/settings.ts'
import { cpu, pinned } from './cpu.ts'
import { release, runs, seed, strict, target } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Said extends Omit<Settings, 'strict'> {
  strict?: true
  cpu?: number
  only?: string
  list?: true
  everything?: true
  long?: true
  reports?: string
  resume?: true
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

export const run = (): Command =>
  new Command('run')
    .description('play the suites on a target, and report')
    .addOption(target())
    .addOption(cpu())
    .option('--only <text>', 'only tests with this in their file, id or name')
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
    .option('--reports <folder>', 'where reports are written, if not in a new folder in reports/out of the project')
    .option('--resume', 'finish the run in that folder, or the latest, which was cut off: play what has no verdict')
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
    .action(async ({ only, list, everything, long, reports, resume, strict, cpu, ...rest }: Said, command: Command) => {
      // What plays takes its time to load, and bad options need not wait for it.
      const { conformanceSuites, everySuite, longSuites, Suites } = await import('../run/suites.ts')
      const include = long ? longSuites : everything ? everySuite : conformanceSuites
      if (list) {
        const suites = await Suites.open(include, rest.target)
        try {
          for (const { id, name } of await suites.find(only)) screen.write(`${id}\t${name}\n`)
        } finally {
          await suites.close()
        }
        return leave(0)
      }
      const { conformance, finish } = await import('../run/conformance.ts')
      const out = join(root, 'reports/out')
      const settings = { ...rest, target: pinned(rest.target, cpu), strict: strict === true }
      const asked = { ...settings, include, ...(only !== undefined && { only }) }
      if (resume) {
        const isGiven = (name: string) =>
          (name === 'include' ? ['everything', 'long'] : [name]).some(
            (own) => command.getOptionValueSource(own) === 'cli',
          )
        const given = Object.fromEntries(
          Object.entries(asked).filter(([name]) => isGiven(name) || (name === 'target' && cpu !== undefined)),
        )
        return leave(await finish(fromHere(realPath(resolve(reports ?? join(out, LATEST)))), given, screen))
      }
      const folder = reports === undefined ? await folderForRun(out) : resolve(reports)
      leave(await conformance({ ...asked, reports: fromHere(folder) }, screen))
    })
