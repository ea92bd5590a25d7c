/** `reach`: how much of the kernel's own code the suites reach, by a kernel that counts. */
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { duration, many } from '../../reports/run/words.ts'
import { parseTarget } from '../model/target.ts'
import { makeNamedFolder, writeWhole } from '../process/files.ts'
import { needProgram } from '../process/programs.ts'
import { UserError } from '../process/user-error.ts'
import { only, runs, seed } from './options.ts'
import { leave, screen } from './terminal.ts'

/** GICv3, MTE and VHE on one, GICv2 and no VHE on the other: each has code of its own in the kernel. */
const MACHINES = ['mte=on', 'cpu=cortex-a57,gic=2']
/** How many of the largest groups of unreached lines are shown. */
const SHOWN = 20

interface Asked {
  image?: string
  copy?: string
  machine?: string[]
  only?: string[]
  runs: number
  seed: number
  reports: string
}

/** The kernel, and the tree that it was built in. Throws a UserError where it cannot be had. */
const kernelOf = async (tree: string, { image, copy = `${tree}.gcov`, reports }: Asked) => {
  const [{ buildCounting, checkCounting }, { files, notesOf }] = await Promise.all([
    import('../studies/reach/build.ts'),
    import('../studies/reach/files.ts'),
  ])
  if (image !== undefined) {
    checkCounting(tree, files.map(notesOf))
    return { image: resolve(image), built: realpathSync(tree) }
  }
  const log = join(reports, 'build.log')
  const built = await buildCounting(tree, resolve(copy), log, () =>
    screen.write(`building     a copy of ${tree} in ${copy}, which takes minutes; log in ${log}\n`),
  )
  return { image: built, built: realpathSync(resolve(copy)) }
}

/** Gives the exit status: 0, or that of a signal. */
const measure = async (given: string, asked: Asked): Promise<number> => {
  const tree = resolve(given)
  needProgram('aarch64-linux-gnu-gcov', 'read the counters of a kernel')
  const [{ playCounting, countsIn }, { reachedIn, reasonsBy, staleReasons }, text, { unreached }] = await Promise.all([
    import('../studies/reach/play.ts'),
    import('../studies/reach/reached.ts'),
    import('../../reports/reach/text.ts'),
    import('../../fixtures/unreached.ts'),
  ])
  makeNamedFolder(asked.reports)
  const { image, built } = await kernelOf(tree, asked)
  const out = mkdtempSync(join(tmpdir(), 'counters-'))
  const head: string[] = []
  for (const machine of asked.machine ?? MACHINES) {
    const target = `qemu:${image}${machine === '' ? '' : `,${machine}`}`
    parseTarget(target)
    const reports = join(asked.reports, machine === '' ? 'usual' : machine)
    const { runs, seed, only } = asked
    const settings = { target, runs, seed, reports, ...(only !== undefined && { only }) }
    const { exit, seconds } = await playCounting(settings, built, out, () => {})
    if (exit > 128) return exit
    const how = exit === 0 ? '' : `, exit status ${exit} (its reports say why)`
    head.push(`played       ${duration(seconds * 1000)} on ${target}${how}`)
    screen.write(`${head.at(-1)}\n`)
  }
  const counts = await countsIn(out)
  const reasons = reasonsBy(unreached)
  const reached = [...counts].map(([file, of]) => reachedIn(file, of, reasons))
  if (reached.length === 0) throw new UserError('no guest lived until its counters could be brought out')
  const sourceOf = (file: string) => readFileSync(join(built, file), 'utf8').split('\n')
  const [asText, asJson] = [join(asked.reports, 'reach.txt'), join(asked.reports, 'reach.json')]
  writeWhole(asText, text.reachedText(head, reached, sourceOf))
  writeWhole(asJson, `${JSON.stringify({ played: head, files: reached }, null, 1)}\n`)
  const stale = staleReasons(reached, reasons)
  screen.write(
    [
      '',
      ...text.reachedTable(reached),
      '',
      'lines that nothing reached, without a reason:',
      ...text.largestGroups(reached, SHOWN),
      ...(stale.length === 0 ? [] : ['', `${many(stale.length, 'stale reason')} in fixtures/unreached.ts:`, ...stale]),
      '',
      `all lines    ${asText}`,
      `as JSON      ${asJson}`,
      '',
    ].join('\n'),
  )
  return 0
}

export const reach = (): Command =>
  new Command('reach')
    .description("how much of the kernel's own code the suites reach: lines and branches, by gcov, in QEMU")
    .argument('<tree>', 'a kernel tree that was configured for arm64 in place (it has a .config); it is not changed')
    .option(
      '--copy <folder>',
      'where its copy is built with counters; <tree>.gcov if not said, and built on if it is there',
    )
    .addOption(
      new Option(
        '--image <file>',
        'a kernel that counts and was built in <tree>: nothing is copied or built',
      ).conflicts('copy'),
    )
    .addOption(
      new Option('--machine <options>', 'on what it is played, as behind qemu:IMAGE; each --machine is one more')
        .argParser((text: string, before: string[] = []) => [...before, text])
        .default(undefined, `${MACHINES.join(' and ')}, one after the other`),
    )
    .addOption(only())
    .addOption(runs())
    .addOption(seed())
    .option(
      '--reports <folder>',
      'where reach.txt, reach.json and the reports of the runs are written',
      'reports/out/reach',
    )
    .action(async (tree: string, asked: Asked) => {
      leave(await measure(tree, asked))
    })
