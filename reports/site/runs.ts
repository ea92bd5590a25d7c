/** All runs beside each other, and what each came to. */
import { verdicts } from '../../harness/model/verdict.ts'
import { code, markup, type Markup } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { duration, grouped } from '../run/words.ts'
import { pageOf, slugOf, type Column, type ColumnRun } from './column.ts'
import { counts } from './run.ts'

/** The name of the Allure report of a run, beside its page. */
export const allureFile = (column: Column): string => `${slugOf(column)}-allure.html`

const line = (column: Column, run: ColumnRun, hasAllure: boolean): Markup => markup`
<tr><th scope="row"><a href="${pageOf(column)}">${column.name}</a></th>${counts(run)}
<td data-what="calls">${grouped(run.results.calls)}</td><td data-what="time">${duration(run.results.ms)}</td>
<td>${hasAllure ? markup`<a href="runs/${allureFile(column)}">Allure</a>` : undefined}</td></tr>`

/** The table of runs. */
export const runsTable = (columns: readonly Column[], withAllure: ReadonlySet<ColumnRun>): Markup => markup`
<table class="stacked counts"><thead><tr><th>run</th>${verdicts.map(
  (verdict) => markup`<th>${verdict}</th>`,
)}<th>calls</th><th>time</th><th></th></tr></thead>
<tbody>${columns.map((column) => column.run && line(column, column.run, withAllure.has(column.run)))}</tbody></table>`

/** The page. */
export const runsPage = (columns: readonly Column[], withAllure: ReadonlySet<ColumnRun>): Page => {
  const own = columns.filter(({ run }) => run)
  return {
    title: 'Runs',
    body: markup`
<h1>Runs</h1>
<p>What each came to, its failures with their traces, and its Allure report.</p>
${
  own.length > 0
    ? runsTable(own, withAllure)
    : markup`<p>None yet: ${code('npm run conformance')} makes one, ${code('npm run matrix')} one for every kernel on every machine.</p>`
}`,
  }
}
