/** `compile`: the calls of a run in one file, for a board that nothing but a console leads to. */
import { Command } from 'commander'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { many } from '../../reports/run/words.ts'
import { ListsFile } from '../link/lists-file.ts'
import { defaults } from '../model/settings.ts'
import { parseTarget } from '../model/target.ts'
import { writeWhole } from '../process/files.ts'
import { UserError } from '../process/user-error.ts'
import { oneLine } from '../process/visible.ts'
import { only, runs, seed, target } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Said {
  target: string
  seed: number
  runs: number
  only?: string[]
  out: string
}

/** Plays the run on the target, and writes down all that was played. Gives the exit code. */
const write = async ({ out, ...asked }: Said): Promise<number> => {
  const { kind } = parseTarget(asked.target)
  if (kind === 'mock' || kind === 'console')
    throw new UserError(
      `--target ${asked.target}: it takes a target with an agent that is as the board is, such as the same Image in QEMU`,
    )
  const [{ conformance }, { conformanceSuites }] = await Promise.all([
    import('../run/conformance.ts'),
    import('../run/suites.ts'),
  ])
  const reports = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
  const lists = new ListsFile()
  try {
    const options = { ...defaults, ...asked, include: conformanceSuites, reports }
    const exit = await conformance(options, screen, { onList: (ops, deadlineMs) => lists.add(ops, deadlineMs) })
    if (exit > 4) return exit
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  writeWhole(out, lists.text)
  screen.write(`${many(lists.size, 'list')} in ${oneLine(out)}\n`)
  return 0
}

export const compile = (): Command =>
  new Command('compile')
    .description('write the calls of a run into one file, which a board plays that has nothing but a console')
    .addOption(target())
    .addOption(only())
    .addOption(seed())
    .addOption(runs())
    .requiredOption('--out <file>', 'where it is written')
    .addHelpText(
      'after',
      `
The run is played on the target, which should be as the board is: the same Image in QEMU, with the same GIC. On the board
  ./agent play FILE 3 > console.log      # or an initramfs of image, which does so by itself
plays it three times over, since a console loses bytes. With the same options, and from any other console log, too,
  run --target console:console.log
judges what came. What the board was not asked, or the console lost three times, is broken, and stands in
console.log.more: have the board play that, too, and append what it says to console.log.

Exit status: 0 it was written, whatever came of the run, 2 it could not be; 128 and a signal's number.`,
    )
    .action(async (said: Said) => leave(await write(said)))
