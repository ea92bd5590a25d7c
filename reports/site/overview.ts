/** The first page: how things stand. */
import { rows } from '../../harness/table/rows.ts'
import { anchor } from '../book/book.ts'
import { withLinks } from '../html/links.ts'
import { code, joined, markup, type Markup, type Piece } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { grouped, many } from '../run/words.ts'
import { pageOf, type Column, type ColumnRun } from './column.ts'
import type { Failure } from './failure.ts'
import { classOf } from './mark.ts'
import { runsTable } from './runs.ts'

/** A cause, and the runs that met it. */
interface Met {
  first: Failure
  where: { column: Column; failure: Failure }[]
}

/** The same cause in several runs as one. */
const together = (columns: readonly Column[], isWanted: (failure: Failure) => boolean): Met[] => {
  const by = new Map<string, Met>()
  for (const column of columns)
    for (const failure of column.run?.failures.filter(isWanted) ?? []) {
      const key = `${failure.verdict} ${failure.text}`
      const known = by.get(key)
      if (known) known.where.push({ column, failure })
      else by.set(key, { first: failure, where: [{ column, failure }] })
    }
  return [...by.values()]
}

const met = ({ first: { verdict, text, row }, where }: Met): Markup => markup`
<p><span class="${classOf(verdict)}">${verdict}</span>: ${withLinks(text)}${
  row === undefined ? undefined : markup`, rule <a href="book.html#${anchor(row)}">${code(row)}</a>`
}<br><span class="small">${joined(
  where.map(({ column, failure }) => markup`<a href="${pageOf(column)}#${failure.id}">${column.name}</a>`),
  ', ',
)}</span></p>`

const figure = (href: string, n: number | string, words: string): Markup =>
  markup`<a href="${href}"><b>${typeof n === 'number' ? grouped(n) : n}</b>${words}</a>\n`

const section = (heading: string, all: readonly Piece[]): Piece =>
  all.length === 0 ? undefined : markup`<h2>${heading}</h2>${all}`

/** The page; `left`: what could not be read, a line each. */
export const overviewPage = (
  columns: readonly Column[],
  withAllure: ReadonlySet<ColumnRun>,
  left: readonly string[],
): Page => {
  const runs = columns.filter(({ run }) => run)
  const real = columns.filter(({ isReal }) => isReal)
  const wrong = together(columns, ({ verdict }) => verdict !== 'known')
  const known = together(columns, ({ verdict }) => verdict === 'known')
  const seen = rows.filter(({ id }) => real.some((column) => column.seen.has(id)))
  return {
    title: 'The KVM/arm64 ABI',
    body: markup`
<h1>The interface between Linux KVM on arm64 and userspace</h1>
<p>What every <code>ioctl</code> must answer, in every order, and whether kernels do. One table of rules says it, sequences
and laws say it again, and real kernels keep both honest.</p>
<div class="figures">
${figure('book.html', rows.length, 'rules, each with its source and a trace')}
${figure('matrix.html', columns.length, `columns: ${many(runs.length, 'run')}, ${many(columns.length - runs.length, 'recorded host')}`)}
${real.length > 0 ? figure('matrix.html#show=unseen', seen.length, `rules seen at work on ${many(real.length, 'real kernel')}`) : undefined}
${figure('matrix.html#show=failing', wrong.length, wrong.length === 1 ? 'cause of failures' : 'causes of failures')}
</div>
${section('Not as it should be', wrong.map(met))}
${
  runs.length > 0 && wrong.length === 0
    ? markup`<p>Nothing violates, nothing drifts, nothing broke in ${many(runs.length, 'run')}.</p>`
    : undefined
}
${runs.length > 0 ? section('Runs', [runsTable(columns, withAllure)]) : undefined}
${section('Known bugs that were met', known.map(met))}
${section(
  'Left out',
  left.map((why) => markup`<p>${why}</p>`),
)}
<h2>What else is here</h2>
<p><a href="matrix.html">Matrix</a>: every rule on every kernel and host. <a href="book.html">Book</a>: the rules in the order
in which a kernel looks, with their citations, traces, and where the text and the code disagree.
<a href="migration.html">Migration</a>: what a VM loses on its way from one host to another.
<a href="drafts.html">Drafts</a>: what was proposed, and what shipped. <a href="headers.html">Headers</a>: every name of the
kernel's headers, and what shows it.</p>`,
  }
}
