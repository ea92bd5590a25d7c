/** A small site: a run that no kernel ever had, one of the mock with a defect, and two recorded hosts. */
import { join } from 'node:path'
import kept from '../../../fixtures/book-traces.json' with { type: 'json' }
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { stillShown, type Kept } from '../../../harness/studies/examples/example.ts'
import { bookOf } from '../../../reports/book/book.ts'
import { columnOfHost, columnOfRun, sorted, type Column } from '../../../reports/site/column.ts'
import { crossingsOf } from '../../../reports/site/migration.ts'
import { siteFiles } from '../../../reports/site/site.ts'
import { command } from '../command.ts'
import { writeShard } from '../run/shards.ts'
import { outcomes } from './sample-run.ts'

/** What the mock is given: 64 bits of the id of a vcpu are not looked at, which 6.11 has fixed. */
const DEFECT = 'mock,erratum=8b8e57e5096e'

/** Runs what tells of the defect, into a folder. */
export const runDefect = (folder: string) =>
  command('run', '--target', DEFECT, '--only', 'create-vcpu', '--runs', '20', '--reports', folder)

/** The columns; runs leave their folders in `within`. */
export const sampleColumns = async (within: string): Promise<Column[]> => {
  const [odd, defect] = ['odd <run> & "more"', 'defect'].map((name) => join(within, name)) as [string, string]
  writeShard(
    odd,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  await runDefect(defect)
  const examples = stillShown(kept as Kept)
  const hosts = ['5.10-max-gicv3', '7.2-cortex-a53-gicv2'].map(hostNamed)
  return sorted([...[odd, defect].map(columnOfRun), ...hosts.map((host) => columnOfHost(host, new Map(), examples))])
}

/** The site of these columns. */
export const sampleSite = async (columns: readonly Column[]): Promise<ReadonlyMap<string, string>> =>
  siteFiles({
    columns,
    withAllure: new Set(),
    left: ['a/folder: is <no> run'],
    book: bookOf(stillShown(kept as Kept)),
    drafts: { drafts: [], kernels: {} },
    coverage: [],
    release: '7.2',
    crossings: await crossingsOf(columns.filter(({ run }) => !run)),
  })
