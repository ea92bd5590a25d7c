/**
 * `book`: the table as documentation, with the shortest trace that shows each row; the drafts beside what shipped; and
 * what of the kernel's headers was seen.
 */
import { Command, Option } from 'commander'
import { join, resolve } from 'node:path'
import { oneLine } from '../process/visible.ts'
import { makeNamedFolder, readText, writeWhole } from '../process/files.ts'
import { root } from '../process/root.ts'
import { many } from '../../reports/run/words.ts'
import { leave, screen } from './terminal.ts'

const TRACES = join(root, 'fixtures/book-traces.json')
const MEASURED = join(root, 'fixtures/proposals.json')

interface Asked {
  reports: string
  search?: true
  drafts?: true
  measure?: true
  dialect?: string
  coverage?: true
}

/** Writes text and page side by side into the folder, and says where they are. */
const writeBoth = (reports: string, pageName: string, html: string, textName: string, text: string): void => {
  const out = resolve(reports)
  writeWhole(join(out, pageName), html)
  writeWhole(join(out, textName), text)
  screen.write(`page         ${oneLine(join(reports, pageName))}\ntext         ${oneLine(join(reports, textName))}\n`)
}

const writeTable = async ({ reports, search }: Asked): Promise<void> => {
  const [{ examplesOf, keep }, { bookOf }, { bookPage }, { bookText }, { page }] = await Promise.all([
    import('../../reports/book/write.ts'),
    import('../../reports/book/book.ts'),
    import('../../reports/book/html.ts'),
    import('../../reports/book/text.ts'),
    import('../../reports/html/page.ts'),
  ])
  const examples = await examplesOf(search ? {} : JSON.parse(readText(TRACES)))
  if (search) writeWhole(TRACES, `${JSON.stringify(keep(examples), null, 1)}\n`)
  const all = bookOf(examples)
  screen.write(
    `${examples.size} rules with a trace, ${all.disagreements.length} disagreements of text and code, `
      + `${all.errata.length} known errata\n`,
  )
  writeBoth(reports, 'index.html', page(bookPage(all)), 'book.txt', bookText(all))
}

const writeDrafts = async ({ reports, measure: isMeasured }: Asked): Promise<void> => {
  const [
    { dialects },
    { askedColumns, measure, printMeasured },
    { openKernel },
    { draftsOf },
    { draftsPage },
    { draftsText },
    { page },
  ] = await Promise.all([
    import('../dialects/index.ts'),
    import('../studies/proposals.ts'),
    import('../run/open-target.ts'),
    import('../../reports/book/drafts.ts'),
    import('../../reports/book/drafts-html.ts'),
    import('../../reports/book/drafts-text.ts'),
    import('../../reports/html/page.ts'),
  ])
  if (isMeasured) {
    const measured = await measure(dialects, askedColumns, (target) => {
      screen.write(`asking ${target}\n`)
      return openKernel(target)
    })
    writeWhole(MEASURED, printMeasured(measured))
  }
  const all = draftsOf(dialects, JSON.parse(readText(MEASURED)))
  const compared = all.drafts.flatMap((draft) => draft.compared)
  const answers = compared.flatMap(({ measured }) => measured)
  const wrong = answers.filter(({ verdict }) => verdict === 'violates' || verdict === 'drifts').length
  screen.write(
    `${many(all.drafts.length, 'dialect')}, ${many(compared.length, 'comparison')}, `
      + `${compared.filter(({ measured }) => measured.some(({ verdict }) => verdict === 'conforms')).length} of them `
      + `shown by real kernels${wrong === 0 ? '' : `, ${wrong} answered otherwise`}\n`,
  )
  writeBoth(reports, 'drafts.html', page(draftsPage(all)), 'drafts.txt', draftsText(all))
}

const writeDialect = async ({ reports, dialect: name }: Asked): Promise<void> => {
  const [{ dialectNamed }, { proposedExamples }, { proposedBookOf }, { bookPage }, { bookText }, { page }] =
    await Promise.all([
      import('../dialects/index.ts'),
      import('../../reports/book/write.ts'),
      import('../../reports/book/book.ts'),
      import('../../reports/book/html.ts'),
      import('../../reports/book/text.ts'),
      import('../../reports/html/page.ts'),
    ])
  const dialect = dialectNamed(name!)
  const examples = proposedExamples(dialect, JSON.parse(readText(TRACES)))
  const all = proposedBookOf(dialect, examples)
  screen.write(`${many(examples.size, 'rule')} with a trace, of ${many(all.chapters.length, 'ioctl')}\n`)
  writeBoth(reports, `${dialect.name}.html`, page(bookPage(all)), `${dialect.name}.txt`, bookText(all))
}

const writeCoverage = async ({ reports }: Asked): Promise<void> => {
  const [{ headerCoverage }, { hostNames }, { figures }, { coveragePage }, { coverageText }, { page }] =
    await Promise.all([
      import('../../reports/book/headers.ts'),
      import('../../fixtures/hosts/index.ts'),
      import('../../reports/book/coverage.ts'),
      import('../../reports/book/coverage-html.ts'),
      import('../../reports/book/coverage-text.ts'),
      import('../../reports/html/page.ts'),
    ])
  const { coverage, release } = await headerCoverage()
  screen.write(`seen         ${figures(coverage).join(', ')}\n`)
  writeBoth(
    reports,
    'coverage.html',
    page(coveragePage(coverage, release, hostNames)),
    'coverage.txt',
    coverageText(coverage, release, hostNames),
  )
}

export const book = (): Command =>
  new Command('book')
    .description('write the table as documentation, with the shortest trace that shows each rule')
    .addOption(new Option('--reports <folder>', 'where the book is written').default('reports/out/book'))
    .option('--search', 'look for all traces anew, and keep them in fixtures/book-traces.json')
    .addOption(
      new Option('--dialect <name>', 'instead: the rules of a file of harness/dialects that did not ship so').conflicts(
        ['search', 'drafts', 'measure'],
      ),
    )
    .addOption(
      new Option('--drafts', 'instead: what was proposed, what shipped of it, and what kernels answer').conflicts(
        'search',
      ),
    )
    .addOption(
      new Option(
        '--measure',
        'the drafts, and ask real kernels anew, in QEMU; what they answer is kept in fixtures/proposals.json',
      )
        .implies({ drafts: true })
        .conflicts('search'),
    )
    .addOption(
      new Option(
        '--coverage',
        "instead: every name of the kernel's headers, with the rules and laws that show it, or why none does",
      ).conflicts(['search', 'drafts', 'measure', 'dialect']),
    )
    .action(async (asked: Asked) => {
      // Before anything that takes long.
      makeNamedFolder(resolve(asked.reports))
      const write = asked.coverage ? writeCoverage : asked.drafts ? writeDrafts : writeTable
      await (asked.dialect === undefined ? write : writeDialect)(asked)
      leave(0)
    })
