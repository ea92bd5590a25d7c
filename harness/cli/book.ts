/** `book`: the table as documentation, with the shortest trace that shows each row. */
import { Command, Option } from 'commander'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { oneLine } from '../process/visible.ts'
import { readText, writeWhole } from '../process/files.ts'
import { leave, screen } from './terminal.ts'

export const book = (): Command =>
  new Command('book')
    .description('write the table as documentation, with the shortest trace that shows each rule')
    .addOption(new Option('--reports <folder>', 'where the book is written').default('reports/out/book'))
    .option('--search', 'look for all traces anew, and keep them in fixtures/book-traces.json')
    .action(async ({ reports, search }: { reports: string; search?: true }) => {
      const [{ root }, { examplesOf, keep }, { bookOf }, { bookHtml }, { bookText }] = await Promise.all([
        import('../process/root.ts'),
        import('../../reports/book/write.ts'),
        import('../../reports/book/book.ts'),
        import('../../reports/book/html.ts'),
        import('../../reports/book/text.ts'),
      ])
      const file = join(root, 'fixtures/book-traces.json')
      const examples = await examplesOf(search ? {} : JSON.parse(readText(file)))
      if (search) writeWhole(file, `${JSON.stringify(keep(examples), null, 1)}\n`)
      const out = resolve(reports)
      try {
        mkdirSync(out, { recursive: true })
      } catch (error) {
        throw new UserError(`${out}: cannot be made (${(error as NodeJS.ErrnoException).code})`)
      }
      const all = bookOf(examples)
      writeWhole(join(out, 'index.html'), bookHtml(all))
      writeWhole(join(out, 'book.txt'), bookText(all))
      screen.write(
        `${examples.size} rules with a trace, ${all.disagreements.length} disagreements of text and code, `
          + `${all.errata.length} known errata\n`,
      )
      screen.write(
        `page         ${oneLine(join(reports, 'index.html'))}\ntext         ${oneLine(join(reports, 'book.txt'))}\n`,
      )
      leave(0)
    })
