/** `matrix`: every kernel on every machine; goes on where it was interrupted. */
import { Command, Option } from 'commander'
import { join, resolve } from 'node:path'
import type { Cell } from '../../reports/matrix/cells.ts'
import { matrixText } from '../../reports/matrix/text.ts'
import { ENDING } from '../process/at-end.ts'
import { UserError } from '../process/user-error.ts'
import { ANSWERS, readAnswers } from '../../reports/run/answers.ts'
import { agree } from '../studies/matrix/agree.ts'
import { columns as allColumns, nativePairs, type Column } from '../studies/matrix/columns.ts'
import { doneBefore, runColumn, type Done } from '../studies/matrix/run.ts'
import { oneLine, visible } from '../process/visible.ts'
import { makeNamedFolder, writeWhole } from '../process/files.ts'
import { runs, seed } from './options.ts'
import { leave, screen } from './terminal.ts'

/** Random sequences on a column; Node in an emulated machine is twenty times as slow. */
const RUNS = 5000,
  NATIVE_RUNS = 500

interface Said {
  seed: number
  runs?: number
  reports: string
  again?: true
  native?: true
}

/** Columns whose name has one of the words; all but the extras where none is given. */
const chosen = (words: readonly string[], native: boolean): Column[] => {
  const columns = native ? nativePairs.flat() : allColumns
  if (words.length === 0) return columns.filter((c) => !c.extra)
  const found = columns.filter((c) => words.some((w) => w !== '' && c.name.includes(w)))
  if (found.length === 0)
    throw new UserError(
      `no column's name has ${words.map((w) => `"${w}"`).join(' or ')} in it; there are ${columns.map((c) => c.name).join(', ')}`,
    )
  return found
}

/** Prints how the two of each native pair that were run compare; gives whether all are alike. */
const compared = (out: string, done: ReadonlySet<string>): boolean => {
  let alike = true
  for (const [outside, inside] of nativePairs) {
    if (!done.has(outside.name) || !done.has(inside.name)) continue
    const runs = [outside, inside].map(({ name }) => readAnswers(join(out, name, ANSWERS)))
    const { lists, calls, differences } = agree(runs[0]!, runs[1]!, ['outside', 'inside'])
    screen.write(
      `${inside.name}: ${lists} lists, ${calls} calls asked from outside and inside, ${differences.length} differences\n`,
    )
    for (const difference of differences) screen.write(`\n${visible(difference)}\n`)
    alike &&= differences.length === 0
  }
  return alike
}

export const matrix = (): Command =>
  new Command('matrix')
    .description('run every kernel on every machine, for `report` to make pages of')
    .argument('[columns...]', 'only columns whose name has one of these words, such as 6.12 or gicv2')
    .addOption(seed())
    .addOption(runs().default(undefined, `${RUNS}, inside guests ${NATIVE_RUNS}`))
    .addOption(new Option('--reports <folder>', 'where results are written').default('reports/out/matrix'))
    .option('--again', 'run columns that are done once more')
    .option(
      '--native',
      'instead: the whole project inside guests, and whether their kernels answer there as they do to us outside',
    )
    .addHelpText(
      'after',
      `
A column that is done is not run again, so that an interrupted matrix goes on where it was.
Exit status: 0 all conform, 1 something violates, or the agent was answered otherwise inside a guest,
2 a column could not be run, 130 interrupted.`,
    )
    .action(async (words: string[], { seed, reports, again, native, ...rest }: Said) => {
      const out = resolve(reports),
        runs = rest.runs ?? (native ? NATIVE_RUNS : RUNS)
      makeNamedFolder(out)
      const stop = new AbortController()
      const interrupt = () => stop.abort()
      for (const name of ENDING) process.once(name, interrupt)
      const cells: Cell[] = []
      for (const column of chosen(words, native === true)) {
        const asked: Done['asked'] = { target: column.target, ...(column.native && { native: true }), seed, runs }
        const folder = join(out, column.name)
        const before = again ? undefined : doneBefore(folder, asked)
        const done = before ?? (stop.signal.aborted ? 'not run' : await runColumn(column, folder, asked, stop.signal))
        const cell: Cell = typeof done === 'string' ? { name: column.name, why: done } : { name: column.name, done }
        cells.push(cell)
        screen.write(
          `${column.name}: ${typeof done === 'string' ? oneLine(done) : `${before ? 'done before, ' : ''}${said(done)}`}\n`,
        )
        writeWhole(join(out, 'matrix.txt'), matrixText(cells))
      }
      screen.write(
        `\n${matrixText(cells)}\ntable        ${oneLine(join(reports, 'matrix.txt'))}\npages        npm run report makes them\n`,
      )
      if (stop.signal.aborted) return leave(130)
      const alike = compared(out, new Set(cells.flatMap((c) => ('done' in c ? [c.name] : []))))
      const sum = cells.reduce(
        (all, c) => {
          if (!('done' in c)) return { ...all, failed: all.failed + 1, broken: true }
          const { passed, failed, skipped, exit } = c.done.results.tally
          return {
            passed: all.passed + passed,
            failed: all.failed + failed,
            skipped: all.skipped + skipped,
            violates: all.violates || exit === 1,
            broken: all.broken || exit === 2,
          }
        },
        { passed: 0, failed: 0, skipped: 0, violates: false, broken: false },
      )
      screen.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
      leave(sum.violates || !alike ? 1 : sum.broken ? 2 : 0)
    })

const said = ({ results: { tally, random }, seconds }: Done): string => {
  const sequences = Object.values(random ?? {}).reduce((sum: number, n) => sum + (n ?? 0), 0)
  return (
    `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped, `
    + `${sequences} random sequences in ${seconds.toFixed(0)} s`
  )
}
