/** The matrix as one page: what each column came to, and which rule was seen where. */
import { rows } from '../../harness/table/rows.ts'
import { verdicts } from '../../harness/model/verdict.ts'
import { escape, page } from '../html/page.ts'
import type { Results } from '../run/results-schema.ts'
import { grouped } from '../run/words.ts'
import { branch, seenRules, sequencesOf, whenOf, type Cell } from './cells.ts'

const STYLE = `
.runs { width: auto }
.runs th, .runs td { padding: .25rem 1.4rem .25rem 0; white-space: nowrap }
.runs td, .runs thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums }
.runs tbody th { font: 400 .86em ui-monospace, "Liberation Mono", monospace; color: var(--ink) }
.runs .first th, .runs .first td { border-top: 1px solid var(--ink) }
.none { color: var(--faint) }
.violates, .broken { color: var(--bad); font-weight: 600 }
.drifts, .known { color: var(--warn); font-weight: 600 }
.not-offered { color: var(--soft) }
td.why { text-align: left !important; white-space: normal }
.rules { width: auto; font-size: .82em }
.rules th, .rules td { padding: .1rem .3rem; border-bottom: 1px solid var(--line); line-height: 1.35 }
.rules td { text-align: center; width: 1.35rem }
.rules thead th {
  writing-mode: vertical-rl; transform: rotate(180deg); font: 400 .92em ui-monospace, "Liberation Mono", monospace;
  text-align: left; padding: .4rem .1rem; border-bottom: 0; border-top: 1px solid var(--ink)
}
.rules thead th:first-child { writing-mode: horizontal-tb; transform: none; vertical-align: bottom; border: 0 }
.rules tbody th { font-weight: 400; color: var(--ink); max-width: 38rem; padding-left: 1rem }
.rules .group th {
  font: 600 1em ui-monospace, "Liberation Mono", monospace; padding: .9rem 0 .15rem;
  border-bottom: 1px solid var(--ink)
}
.rules tbody i { color: var(--soft); font-style: normal; white-space: nowrap }
.rules .edge { border-left: 1px solid var(--faint) }
.rules .unseen th { color: var(--bad) }
`

const header = (texts: readonly string[]): string =>
  `<thead><tr>${texts.map((text) => `<th>${escape(text)}</th>`).join('')}</tr></thead><tbody>`

/** A row of the first table; `isFirst`: of its branch. */
const runRow = (cell: Cell, isFirst: boolean): string => {
  const head = `<tr${isFirst ? ' class="first"' : ''}><th>${escape(cell.name)}</th>`
  if (!('done' in cell))
    return `${head}<td colspan="${verdicts.length + 3}" class="broken why">${escape(cell.why)}</td></tr>`
  const { results, seconds } = cell.done
  const counts = verdicts.map(
    (v) =>
      `<td class="${results.tally.verdicts[v] === 0 ? 'none' : v.replace(' ', '-')}">${results.tally.verdicts[v]}</td>`,
  )
  const sums = [grouped(sequencesOf(cell.done)), grouped(results.calls), `${seconds.toFixed(0)} s`]
  return `${head}${counts.join('')}${sums.map((sum) => `<td>${sum}</td>`).join('')}</tr>`
}

/** The second table: a row for each rule, under its ioctl. */
const ruleRows = (cells: readonly Cell[], isEdge: (at: number) => boolean): string => {
  const { seen } = seenRules(cells)
  let ioctl = ''
  return rows
    .map((row) => {
      const { id } = row
      const on = new Set(seen.get(id))
      const dots = cells
        .map(
          ({ name }, i) =>
            `<td${isEdge(i) ? ' class="edge"' : ''} title="${escape(name)}">${on.has(name) ? '•' : ''}</td>`,
        )
        .join('')
      const group =
        row.ioctl === ioctl
          ? ''
          : `<tr class="group"><th colspan="${cells.length + 1}">${escape(row.ioctl)}</th></tr>\n`
      ioctl = row.ioctl
      const said = id.slice(row.ioctl.length + 1).replaceAll('/', ', ')
      const when = row.since === undefined && row.until === undefined ? '' : ` <i>${escape(whenOf(row))}</i>`
      return `${group}<tr${on.size === 0 ? ' class="unseen"' : ''}><th>${escape(said)}${when}</th>${dots}</tr>`
    })
    .join('\n')
}

type Found = Results['tests'][number] & { column: string }

/** Those of the same key as one: that with the shortest trace, the columns and the tests. */
const together = (
  found: readonly Found[],
  keyOf: (one: Found) => string,
): { shown: Found; columns: string[]; ids: string[] }[] => {
  const by = new Map<string, Found[]>()
  for (const one of found) by.set(keyOf(one), [...(by.get(keyOf(one)) ?? []), one])
  return [...by.values()].map((all) => ({
    shown: all.reduce((a, b) => ((b.trace?.length ?? Infinity) < (a.trace?.length ?? Infinity) ? b : a)),
    columns: [...new Set(all.map(({ column }) => column))],
    ids: [...new Set(all.map(({ id }) => id))],
  }))
}

const where = (columns: readonly string[]): string => `<p class="mono small">${columns.map(escape).join(', ')}</p>`
const tests = (ids: readonly string[]): string => `<p>${ids.map(escape).join('<br>')}</p>`
const traceOf = ({ trace }: Found): string => (trace ? `<pre>${escape(trace)}</pre>` : '')

/** The page as HTML, in one file without scripts. */
export const matrixHtml = (cells: readonly Cell[]): string => {
  const { seen } = seenRules(cells)
  const isEdge = (at: number) => at === 0 || branch(cells[at]!.name) !== branch(cells[at - 1]!.name)
  const found = cells.flatMap((c) =>
    'done' in c
      ? c.done.results.tests.filter(({ verdict }) => verdict !== 'conforms').map((t) => ({ column: c.name, ...t }))
      : [],
  )
  const wrong = together(
    found.filter(({ verdict }) => verdict !== 'not offered' && verdict !== 'known'),
    ({ id, verdict, why, cause }) => `${verdict} ${cause ?? `${id} ${why}`}`,
  )
  const known = together(
    found.filter(({ verdict }) => verdict === 'known'),
    ({ why }) => String(why),
  )
  return page(
    'kvm-arm64-abi: matrix',
    STYLE,
    [
      '<h1>Every kernel on every machine</h1>',
      `<table class="runs">${header(['kernel and machine', ...verdicts, 'random', 'calls', 'time'])}`,
      ...cells.map((cell, i) => runRow(cell, isEdge(i))),
      '</tbody></table>',
      ...(wrong.length === 0
        ? ['<p>Nothing violates, nothing drifts, nothing broke.</p>']
        : ['<h2>Not as it should be</h2>']),
      ...wrong.map(
        ({ shown, columns, ids }) =>
          `<h3>${escape(shown.cause ?? shown.id)}: <span class="${shown.verdict}">${shown.verdict}</span></h3>`
          + `${shown.why && shown.why !== shown.cause ? `<p>${escape(shown.why)}</p>` : ''}`
          + `${shown.cause === undefined ? '' : tests(ids)}${where(columns)}${traceOf(shown)}`,
      ),
      ...(known.length === 0 ? [] : ['<h2>Known bugs</h2>']),
      ...known.map(
        ({ shown, columns, ids }) =>
          `<h3>${escape(String(shown.why))}</h3>${tests(ids)}${where(columns)}${traceOf(shown)}`,
      ),
      '<h2>Every rule</h2>',
      `<p>${seen.size} of ${rows.length} rules were seen at work on a real kernel; the others are red.</p>`,
      `<table class="rules">${header(['rule', ...cells.map(({ name }) => name)])}`,
      ruleRows(cells, isEdge),
      '</tbody></table>',
    ].join('\n'),
  )
}
