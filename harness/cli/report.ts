/** `report`: runs, rules, migrations and the book as one site that opens from its folder. */
import { Command, Option } from 'commander'
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { TRACES } from '../../reports/formats/traces.ts'
import { UserError } from '../process/user-error.ts'
import { oneLine } from '../process/visible.ts'
import { makeNamedFolder, readText, writeWhole } from '../process/files.ts'
import { root } from '../process/root.ts'
import { many } from '../../reports/run/words.ts'
import type { Column, ColumnRun } from '../../reports/site/column.ts'
import type { SiteParts } from '../../reports/site/site.ts'
import { leave, screen } from './terminal.ts'

const RUNS = ['reports/out', 'reports/out/matrix']

const tell = (what: string, how: string): void => screen.write(`${what.padEnd(13)}${oneLine(how)}\n`)

/** The columns of the runs in these folders, and of what could not be read a line each. */
const runsIn = async (folders: readonly string[]): Promise<{ columns: Column[]; left: string[] }> => {
  const { apart, columnOfRun, runFoldersIn } = await import('../../reports/site/column.ts')
  const columns: Column[] = [],
    left: string[] = []
  for (const folder of folders.flatMap(runFoldersIn))
    try {
      columns.push(columnOfRun(folder))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      left.push(error.message)
    }
  return { columns: apart(columns), left }
}

/** All of the site but what the runs leave beside it. */
const gather = async (folders: readonly string[]): Promise<SiteParts> => {
  const [
    { hostNamed, hostNames },
    { examplesOf },
    { bookOf },
    { draftsOf },
    { dialects },
    { headerCoverage },
    { columnOfHost, sorted },
    { crossingsOf },
  ] = await Promise.all([
    import('../../fixtures/hosts/index.ts'),
    import('../../reports/book/write.ts'),
    import('../../reports/book/book.ts'),
    import('../../reports/book/drafts.ts'),
    import('../dialects/index.ts'),
    import('../../reports/book/headers.ts'),
    import('../../reports/site/column.ts'),
    import('../../reports/site/migration.ts'),
  ])
  const { columns: runs, left } = await runsIn(folders)
  tell('runs', String(runs.length))
  for (const why of left) tell('left out', why)
  const examples = await examplesOf(JSON.parse(readText(join(root, 'fixtures/book-traces.json'))))
  const { coverage, release, decided } = await headerCoverage()
  tell('headers', `of Linux ${release}`)
  // A column of the matrix has the name of the host that was recorded from it.
  const hosts = hostNames
    .filter((name) => !runs.some((run) => run.name === name))
    .map((name) => columnOfHost(hostNamed(name), decided.get(name)!, examples))
  tell('hosts', String(hosts.length))
  const columns = sorted([...runs, ...hosts])
  const crossings = await crossingsOf(columns.filter(({ run, isReal }) => !run || isReal))
  tell('migrations', String(crossings.size ** 2 - crossings.size))
  return {
    columns,
    withAllure: new Set(),
    left,
    book: bookOf(examples),
    drafts: draftsOf(dialects, JSON.parse(readText(join(root, 'fixtures/proposals.json')))),
    coverage,
    release,
    crossings,
  }
}

/** Writes what the runs leave beside their pages: Allure reports and traces. Gives the runs that have the first. */
const writeRuns = async (into: string, columns: readonly Column[]): Promise<Set<ColumnRun>> => {
  const [{ allurePage, canMakeAllure }, { slugOf }, { allureFile }] = await Promise.all([
    import('../../reports/site/allure.ts'),
    import('../../reports/site/column.ts'),
    import('../../reports/site/runs.ts'),
  ])
  const done = new Set<ColumnRun>()
  makeNamedFolder(into)
  for (const column of columns) {
    const { name, run } = column
    if (!run) continue
    const traces = join(run.folder, TRACES)
    if (existsSync(traces)) cpSync(traces, join(into, slugOf(column), TRACES), { recursive: true })
    if (!canMakeAllure()) continue
    const { html, programs } = await allurePage(run.folder, name)
    writeWhole(join(into, allureFile(column)), html)
    for (const [file, program] of programs) writeWhole(join(into, file), program)
    done.add(run)
  }
  tell('Allure', canMakeAllure() ? many(done.size, 'report') : 'left out: npm ci --omit=dev does not install it')
  return done
}

/** Throws a UserError where the folder holds something that was not made here, which would be lost. */
const checkFolder = (out: string): void => {
  if (existsSync(out) && !statSync(out).isDirectory()) throw new UserError(`${out}: is no folder`)
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, 'search-index.js')))
    throw new UserError(`${out}: holds something else than such a site; name a folder of its own`)
}

const write = async (folders: readonly string[], out: string): Promise<void> => {
  const { siteFiles } = await import('../../reports/site/site.ts')
  checkFolder(out)
  const draft = `${out}.${process.pid}`
  try {
    makeNamedFolder(draft)
    const parts = await gather(folders)
    const withAllure = await writeRuns(join(draft, 'runs'), parts.columns)
    for (const [path, text] of siteFiles({ ...parts, withAllure })) {
      mkdirSync(dirname(join(draft, path)), { recursive: true })
      writeWhole(join(draft, path), text)
    }
    rmSync(out, { recursive: true, force: true })
    renameSync(draft, out)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    const { code, syscall, path } = error as NodeJS.ErrnoException
    throw code !== undefined && syscall !== undefined
      ? new UserError(`${path ?? out}: cannot be written (${code})`)
      : error
  }
}

export const report = (): Command =>
  new Command('report')
    .description(
      'write runs, rules, migrations and the book as one site, which opens from its folder without a network',
    )
    .argument('[runs...]', 'folders of runs, or folders that have such, instead of all in reports/out')
    .addOption(new Option('--reports <folder>', 'where the site is written').default('reports/out/site'))
    .action(async (words: string[], { reports }: { reports: string }) => {
      const { runFoldersIn } = await import('../../reports/site/column.ts')
      for (const word of words)
        if (runFoldersIn(word).length === 0) throw new UserError(`${word}: no run left its results.json there`)
      await write(words.length > 0 ? words : RUNS, resolve(reports))
      tell('site', join(reports, 'index.html'))
      leave(0)
    })
