/** Rules by columns: a line for each rule, a mark for what each kernel and host says of it. */
import { releasesInWords } from '../../harness/model/release.ts'
import { rows, type Row } from '../../harness/table/rows.ts'
import { anchor } from '../book/book.ts'
import { markup, type Markup } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { pageOf, type Column } from './column.ts'
import { classOf, isFailing, markOf, marks, type Mark } from './mark.ts'

/** Whether another release begins there. */
const isEdge = (columns: readonly Column[], at: number): boolean => columns[at]!.branch !== columns[at - 1]?.branch

/** Consecutive columns of one release. */
const branches = (columns: readonly Column[]): { name: string; columns: Column[] }[] =>
  [...new Set(columns.map(({ branch }) => branch))].map((name) => ({
    name,
    columns: columns.filter(({ branch }) => branch === name),
  }))

const cell = (row: Row, columns: readonly Column[], at: number): { mark: Mark; html: Markup } => {
  const column = columns[at]!
  const { mark, failure } = markOf(row, column)
  const { sign } = marks[mark]
  const edge = isEdge(columns, at)
  return {
    mark,
    html: markup`<td class="${classOf(mark)}${edge ? ' edge' : ''}"${edge ? markup` data-branch="${column.branch}"` : ''}>${
      failure ? markup`<a href="${pageOf(column)}#${failure.id}">${sign}</a>` : sign
    }</td>`,
  }
}

/** What `show` of the controls picks a line by. */
const kindsOf = (found: readonly Mark[]): string =>
  [
    ...(found.some(isFailing) ? ['failing'] : []),
    ...(found.some((mark) => mark === 'seen' || isFailing(mark)) ? [] : ['unseen']),
    ...(found.includes('none') && found.some((mark) => mark !== 'none') ? ['changed'] : []),
  ].join(' ')

const line = (row: Row, columns: readonly Column[]): Markup => {
  const cells = columns.map((_, at) => cell(row, columns, at))
  const words = row.id.slice(row.ioctl.length + 1).replaceAll('/', ', ')
  const when = row.since === undefined && row.until === undefined ? undefined : markup` <i>${releasesInWords(row)}</i>`
  return markup`<tr data-is="${kindsOf(cells.map(({ mark }) => mark))}"><th scope="row"><a href="book.html#${anchor(row.id)}">${words}</a>${when}</th>${cells.map(({ html }) => html)}</tr>\n`
}

const group = (ioctl: string, columns: readonly Column[]): Markup => markup`
<tbody data-ioctl="${ioctl}"><tr class="group"><th scope="rowgroup" colspan="${columns.length + 1}">${ioctl}</th></tr>
${rows.filter((row) => row.ioctl === ioctl).map((row) => line(row, columns))}</tbody>`

/** The head of a table whose columns are these. */
export const columnHeads = (
  columns: readonly Column[],
  first: string,
): Markup => markup`<thead><tr class="branches"><th></th>${branches(columns).map(
  ({ name, columns: own }) => markup`<th class="edge" colspan="${own.length}">${name}</th>`,
)}</tr>
<tr><th>${first}</th>${columns.map((column, at) => {
  const short = column.name.startsWith(`${column.branch}-`) ? column.name.slice(column.branch.length + 1) : column.name
  return markup`<th scope="col" class="${isEdge(columns, at) ? 'edge' : ''}" data-branch="${column.branch}" data-name="${column.name}"><div class="turned">${
    column.run ? markup`<a href="${pageOf(column)}">${short}</a>` : short
  }</div></th>`
})}</tr></thead>`

/** What each mark means. */
const legend = (): Markup => markup`<p class="legend">${Object.entries(marks)
  .filter(([, { sign }]) => sign !== '')
  .map(([mark, { sign, words }]) => markup`<span><b class="${classOf(mark as Mark)}">${sign}</b> ${words}</span>`)}
<span>blank: no rule of this release</span></p>`

const SHOWN = {
  '': 'all rules',
  failing: 'what is not as it should be',
  unseen: 'what no real kernel has shown',
  changed: 'what changed between releases',
}

const controls = (columns: readonly Column[]): Markup => markup`<form class="controls">
<label>Show <select name="show">${Object.entries(SHOWN).map(
  ([value, words]) => markup`<option value="${value}">${words}</option>`,
)}</select></label>
<label>Rules <input name="rules" type="search" placeholder="words of a rule"></label>
<label>Columns <input name="columns" type="search" placeholder="words of a column"></label>
${branches(columns).map(
  ({ name }) => markup`<label><input type="checkbox" name="branch" value="${name}" checked> ${name}</label>`,
)}
<output></output>
</form>`

/** The page. */
export const matrixPage = (columns: readonly Column[]): Page => ({
  title: 'Rules by kernels',
  body: markup`
<h1>Every rule on every kernel</h1>
<p>A line for each of ${rows.length} rules, a column for each run and for each recorded host. A mark that is a link leads to
the trace; arrow keys go from mark to mark.</p>
${legend()}
${controls(columns)}
<div class="grid"><table class="marks wrapping">
${columnHeads(columns, 'rule')}
${[...new Set(rows.map(({ ioctl }) => ioctl))].map((ioctl) => group(ioctl, columns))}
</table></div>
<p class="status" role="status"></p>`,
})
