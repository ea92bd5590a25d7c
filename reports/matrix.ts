/** The matrix as one page: what each column came to, and which rule was seen where. */
import type { Done } from '../harness/matrix/run.ts'
import { rows } from '../harness/coverage.ts'
import { verdicts } from '../harness/verdict.ts'

/** What is known of a column: its outcome, or why there is none. */
export type Cell = { name: string; done: Done } | { name: string; why: string }

const branch = (name: string) => name.split('-')[0]!

/** Rules seen on some column, and those seen on none. */
export const seenRules = (cells: readonly Cell[]): { seen: Map<string, string[]>; unseen: string[] } => {
  const seen = new Map<string, string[]>()
  for (const cell of cells)
    if ('done' in cell) for (const id of Object.keys(cell.done.coverage)) seen.set(id, [...(seen.get(id) ?? []), cell.name])
  return { seen, unseen: rows.map((r) => r.id).filter((id) => !seen.has(id)) }
}

const columnLine = (cell: Cell, width: number): string => {
  if (!('done' in cell)) return `${cell.name.padEnd(width)}  ${cell.why}`
  const { results, seconds } = cell.done
  const random = results.random ?? {}
  const sequences = Object.values(random).reduce((sum: number, n) => sum + (n ?? 0), 0)
  return [cell.name.padEnd(width), ...verdicts.map((v) => String(results.tally.verdicts[v]).padStart(11)),
    String(sequences).padStart(8), String((random.violates ?? 0) + (random.drifts ?? 0) + (random.broken ?? 0)).padStart(6), `${seconds.toFixed(0)} s`.padStart(7)].join('')
}

/** The page as plain text. */
export const matrixText = (cells: readonly Cell[]): string => {
  const width = Math.max(...cells.map((c) => c.name.length)) + 2
  const { seen, unseen } = seenRules(cells)
  const perBranch = [...new Set(cells.map((c) => branch(c.name)))].map((b) => {
    const own = cells.filter((c) => branch(c.name) === b).flatMap((c) => ('done' in c ? [c.done] : []))
    const sequences = own.reduce((sum, d) => sum + Object.values(d.results.random ?? {}).reduce((s: number, n) => s + (n ?? 0), 0), 0)
    return `${b.padEnd(width)}${String(sequences).padStart(8)} random sequences in ${own.reduce((sum, d) => sum + d.seconds, 0).toFixed(0)} s, boots and suites included`
  })
  return [
    ['column'.padEnd(width), ...verdicts.map((v) => v.padStart(11)), 'random'.padStart(8), 'wrong'.padStart(6), 'time'.padStart(7)].join(''),
    ...cells.map((c) => columnLine(c, width)), '', ...perBranch, '',
    `${seen.size} of ${rows.length} rules seen on a real kernel, ${unseen.length} unseen`, ...unseen.map((id) => `  unseen: ${id}`), '',
  ].join('\n')
}

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

/** The page as HTML, in one file without scripts. */
export const matrixHtml = (cells: readonly Cell[]): string => {
  const names = cells.map((c) => c.name)
  const { seen } = seenRules(cells)
  const head = verdicts.map((v) => `<th>${v}</th>`).join('')
  const body = cells.map((c) => {
    if (!('done' in c)) return `<tr><th>${escape(c.name)}</th><td colspan="9" class="broken">${escape(c.why)}</td></tr>`
    const { results, seconds } = c.done
    const sequences = Object.values(results.random ?? {}).reduce((s: number, n) => s + (n ?? 0), 0)
    return `<tr><th>${escape(c.name)}</th>${verdicts.map((v) => `<td class="${results.tally.verdicts[v] ? v.replace(' ', '-') : 'none'}">${results.tally.verdicts[v]}</td>`).join('')}` +
      `<td>${sequences}</td><td>${results.calls}</td><td>${seconds.toFixed(0)} s</td></tr>`
  }).join('\n')
  const wrong = cells.flatMap((c) => ('done' in c ? c.done.results.tests.filter((t) => t.verdict !== 'not offered').map((t) => ({ column: c.name, ...t })) : []))
  const rules = rows.map(({ id }) => {
    const on = new Set(seen.get(id))
    return `<tr><th>${escape(id)}</th>${names.map((n) => `<td class="${on.has(n) ? 'seen' : 'none'}" title="${escape(n)}">${on.has(n) ? '●' : ''}</td>`).join('')}</tr>`
  }).join('\n')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>kvm-arm64-abi: matrix</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222 }
table { border-collapse: collapse; margin: 1em 0 } th, td { padding: .15em .6em; border-bottom: 1px solid #ddd; text-align: right }
tbody th, tr th:first-child { text-align: left; font-weight: normal; font-family: monospace } thead th { font-weight: 600 }
.conforms { background: #dff3df } .violates, .broken { background: #f6c7c7; font-weight: bold } .drifts, .known { background: #fbeec2 } .not-offered { color: #888 } .none { color: #ccc }
.rules td { padding: 0 .3em; text-align: center } .rules .seen { color: #2a7d2a } pre { background: #f6f6f6; padding: .6em }
.rules thead th { writing-mode: vertical-rl; font-family: monospace; font-weight: normal }
</style>
<h1>Every column</h1>
<table><thead><tr><th>kernel and machine</th>${head}<th>random</th><th>calls</th><th>time</th></tr></thead><tbody>
${body}
</tbody></table>
${wrong.length === 0 ? '<p>Nothing violates, nothing drifts.</p>' : `<h2>Not as it should be</h2>${wrong.map((w) => `<h3>${escape(w.column)}: ${escape(w.id)}: ${w.verdict}</h3><p>${escape(w.why ?? '')}</p><pre>${escape(w.trace ?? '')}</pre>`).join('')}`}
<h1>Every rule</h1>
<p>${seen.size} of ${rows.length} rules were seen at work on a real kernel.</p>
<table class="rules"><thead><tr><th>rule</th>${names.map((n) => `<th>${escape(n)}</th>`).join('')}</tr></thead><tbody>
${rules}
</tbody></table>
</html>
`
}
