/** The site: every page and file of it, by its path. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Book } from '../book/book.ts'
import type { KindCoverage } from '../book/coverage.ts'
import { coveragePage } from '../book/coverage-html.ts'
import type { Drafts } from '../book/drafts.ts'
import { draftsPage } from '../book/drafts-html.ts'
import { bookPage } from '../book/html.ts'
import { page, type Link, type Page } from '../html/page.ts'
import { pageOf, type Column, type ColumnRun } from './column.ts'
import { matrixPage } from './matrix.ts'
import { crossingPages, migrationPage, type Crossings } from './migration.ts'
import { overviewPage } from './overview.ts'
import { runPage } from './run.ts'
import { allureFile, runsPage } from './runs.ts'
import { SEARCH_INDEX, entriesOf, searchIndex } from './search.ts'
import { whereSeen } from './where.ts'

/** What the pages are made of. */
export interface SiteParts {
  columns: readonly Column[]
  /** The runs whose Allure report stands beside their page. */
  withAllure: ReadonlySet<ColumnRun>
  /** What was left out, a line each. */
  left: readonly string[]
  book: Book
  drafts: Drafts
  coverage: readonly KindCoverage[]
  /** Of the headers. */
  release: string
  crossings: Crossings
}

const PAGES: readonly Link[] = [
  { href: 'index.html', text: 'Overview' },
  { href: 'matrix.html', text: 'Matrix' },
  { href: 'book.html', text: 'Book' },
  { href: 'migration.html', text: 'Migration' },
  { href: 'runs.html', text: 'Runs' },
  { href: 'drafts.html', text: 'Drafts' },
  { href: 'headers.html', text: 'Headers' },
]

/** Programs that run in the browser. */
const PROGRAMS = ['search.js', 'table.js']

/** In a block of its own: two of them may use one name. A page that was opened from a folder may load no module. */
const program = (name: string): string => `{\n${readFileSync(join(import.meta.dirname, 'browser', name), 'utf8')}}\n`

const framed = (path: string, here: string, one: Page): [string, string] => [
  path,
  page(one, { root: path.includes('/') ? '../' : '', pages: PAGES, here }),
]

/** All files but the Allure reports and traces of the runs. */
export const siteFiles = (parts: SiteParts): ReadonlyMap<string, string> => {
  const { columns, withAllure, left, book, drafts, coverage, release, crossings } = parts
  const hosts = columns.filter(({ run }) => !run).map(({ name }) => name)
  const own = (path: string, one: Page) => framed(path, path, one)
  return new Map([
    own('index.html', overviewPage(columns, withAllure, left)),
    own('matrix.html', matrixPage(columns)),
    own('book.html', bookPage(book, whereSeen(columns))),
    own('migration.html', migrationPage(crossings)),
    own('runs.html', runsPage(columns, withAllure)),
    own('drafts.html', draftsPage(drafts)),
    own('headers.html', coveragePage(coverage, release, hosts)),
    ...crossingPages(crossings).map(([path, one]) => framed(path, 'migration.html', one)),
    ...columns.flatMap((column) => {
      const { run } = column
      if (!run) return []
      const allure = withAllure.has(run) ? allureFile(column) : undefined
      return [framed(pageOf(column), 'runs.html', runPage(column, run, allure))]
    }),
    [SEARCH_INDEX, searchIndex(entriesOf(columns, book, drafts, coverage))],
    ...PROGRAMS.map((name): [string, string] => [name, program(name)]),
  ])
}
