/** The columns of the site: every run that left its folder, and every recorded host, of which the table speaks. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Host } from '../../harness/model/host.ts'
import { branchOf, type Release } from '../../harness/model/release.ts'
import { cover } from '../../harness/oracle/coverage.ts'
import { endsAt, type Example } from '../../harness/studies/examples/example.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { ANSWERS, readAnswers } from '../run/answers.ts'
import { refuseOtherTests, refuseTwoRuns } from '../run/one-run.ts'
import { OUTCOMES, readRecord } from '../run/record.ts'
import { readResults, RESULTS } from '../run/results.ts'
import type { Results } from '../run/results-schema.ts'
import { byNumbers } from '../run/words.ts'
import { failuresOf, type Failure } from './failure.ts'

/** A run, as its folder has it. */
export interface ColumnRun {
  folder: string
  results: Results
  failures: Failure[]
}

export interface Column {
  /** Unlike that of any other column. */
  name: string
  /** `6.12`. */
  branch: string
  host: Host
  release: Release
  /** A kernel answered, and not the table. */
  isReal: boolean
  /** How often each row was seen at work, by its id. */
  seen: ReadonlyMap<string, number>
  run?: ColumnRun
}

/** The name as a part of a file's. */
export const slugOf = ({ name }: Pick<Column, 'name'>): string => name.replace(/[^\w.-]+/g, '-')

/** The page of the run of a column. */
export const pageOf = (column: Column): string => `runs/${slugOf(column)}.html`

/** The same columns, none called as another: the second of a name has a number. */
export const apart = (columns: readonly Column[]): Column[] => {
  const times = new Map<string, number>()
  return columns.map((column) => {
    const n = (times.get(slugOf(column)) ?? 0) + 1
    times.set(slugOf(column), n)
    return n === 1 ? column : { ...column, name: `${column.name} (${n})` }
  })
}

/** `6.12-max-gicv3` of the matrix as its folder is called, any other run by its target and when it was begun. */
const nameOf = (folder: string, { target, begun }: Results): string =>
  /^\d{8}T/.test(basename(folder)) ? `${target} ${begun.slice(5, 16).replace('T', ' ')}` : basename(folder)

/** The column of a run. Throws a UserError where its folder has not all that a run leaves there. */
export const columnOfRun = (folder: string): Column => {
  const results = readResults(folder)
  const { header, played } = readAnswers(join(folder, ANSWERS))
  const record = readRecord(join(folder, OUTCOMES))
  refuseTwoRuns(folder, record.run, header.run)
  refuseOtherTests(folder, record, results)
  const { host, release } = header
  const seen = new Map<string, number>()
  for (const { calls, playing } of played) cover(seen, host, release, calls, playing.answers)
  return {
    name: nameOf(folder, results),
    branch: branchOf(release),
    host,
    release,
    isReal: !results.target.startsWith('mock'),
    seen,
    run: {
      folder,
      results,
      failures: failuresOf(record.outcomes, host, release),
    },
  }
}

/**
 * The column of a recorded host; `decided`: how often which row decides there, to which the examples that end there
 * add.
 */
export const columnOfHost = (
  host: Host,
  decided: ReadonlyMap<string, number>,
  examples: ReadonlyMap<string, Example>,
): Column => {
  const { release } = host.kernel
  const shown = [...examples].filter(
    ([id, { steps }]) =>
      !decided.has(id)
      && endsAt(
        host,
        withCreations(steps).map(({ call }) => call),
      ) === id,
  )
  const seen = new Map([...decided, ...shown.map(([id]): [string, number] => [id, 1])])
  return { name: host.name, branch: branchOf(release), host, release, isReal: false, seen }
}

const isRun = (folder: string): boolean => existsSync(join(folder, RESULTS))

/**
 * The folder itself where a run left its results there, else those in it where runs did, in the order of their names.
 */
export const runFoldersIn = (folder: string): string[] => {
  if (isRun(folder)) return [folder]
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter(isRun)
    .toSorted(byNumbers)
}

/** Release by release; in each the runs of real kernels first, then other runs, then what the table says of hosts. */
export const sorted = (columns: readonly Column[]): Column[] => {
  const kind = ({ isReal, run }: Column): number => (isReal ? 0 : run ? 1 : 2)
  return columns.toSorted((a, b) => byNumbers(a.branch, b.branch) || kind(a) - kind(b) || byNumbers(a.name, b.name))
}
