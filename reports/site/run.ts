/** The page of a run: what it was, what failed with its traces, and what was not asked, with the reasons. */
import { judgedAs } from '../../harness/model/release.ts'
import { verdicts } from '../../harness/model/verdict.ts'
import { printVersion } from '../../harness/process/version.ts'
import { anchor } from '../book/book.ts'
import { shown } from '../book/inline.ts'
import { withLinks } from '../html/links.ts'
import { code, joined, markup, type Markup, type Piece } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { fileOfTrace } from '../formats/traces.ts'
import { ALLOWED, idOf } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'
import { duration, grouped, many } from '../run/words.ts'
import { slugOf, type Column, type ColumnRun } from './column.ts'
import type { Failure } from './failure.ts'
import { classOf } from './mark.ts'

/** On lines of their own; undefined where there are none. */
const stacked = (lines: readonly string[]): Piece => (lines.length === 0 ? undefined : joined(lines, markup`<br>`))

const facts = ({ release }: Column, { results }: ColumnRun): [string, Piece][] => {
  const all: [string, Piece][] = [
    ['target', code(results.target)],
    ['kernel', `Linux ${results.kernel}, judged as ${judgedAs(release)}`],
    ['build', results.build],
    ['host', results.host],
    ['machine', results.qemu && `QEMU ${results.qemu.version}`],
    ['seed', results.seed],
    ['shard', results.shard],
    ['played', `${many(results.tests.length, 'test')}, ${many(results.lists, 'list')}, ${many(results.calls, 'call')}`],
    ['begun', `${results.begun.slice(0, 16).replace('T', ' ')} UTC, ${duration(results.ms)}`],
    ['suites', printVersion(results.suite)],
    ['cannot see', stacked(results.unseen)],
    ['notes', stacked(results.notes)],
  ]
  return all.filter(([, words]) => words !== undefined)
}

/** The details of a cause without its trace, which is shown for itself. */
const without = (trace: string | undefined, details: readonly string[]): readonly string[] => {
  const lines = trace?.split('\n').length ?? 0
  return details.slice(0, lines).join('\n') === trace ? details.slice(lines) : details
}

/** The file of its trace, as the folder of the run has it: what does not fail has none. */
const traceFile = ({ trace, shown: test, verdict }: Failure, { results }: ColumnRun): string | undefined =>
  trace === undefined || homeOf(verdict, results.strict).counts !== 'failed' ? undefined : fileOfTrace(test, trace)

const failure = (one: Failure, column: Column, run: ColumnRun): Markup => {
  const { id, text, verdict, why, trace, details, tests, row } = one
  const file = traceFile(one, run)
  return markup`
<section id="${id}"><h3><span class="${classOf(verdict)}">${verdict}</span>: ${withLinks(text)}</h3>
${why === undefined ? undefined : markup`<p>${why}</p>`}
${row === undefined ? undefined : markup`<p class="small">rule <a href="../book.html#${anchor(row)}">${code(row)}</a></p>`}
${trace === undefined ? undefined : shown(trace)}
${without(trace, details).map((line) =>
  line.startsWith(ALLOWED) ? markup`<p class="small">${line}</p>` : markup`<p class="small code">${line}</p>`,
)}
${file === undefined ? undefined : markup`<p class="small"><a href="${slugOf(column)}/${file}" download>The trace as a file</a>, which ${code('replay')} plays</p>`}
<details class="small"><summary>${many(tests.length, 'test')}</summary>${tests.map(
    (one) => markup`<p>${one.name}<br><span class="soft code">${idOf(one)}</span></p>`,
  )}</details>
</section>`
}

/** Reasons of skips, those that are met most first. */
const skips = ({ results: { tests } }: ColumnRun): [string, string[]][] => {
  const by = new Map<string, string[]>()
  for (const { verdict, why = 'no reason', name } of tests)
    if (verdict === 'not offered') by.set(why, [...(by.get(why) ?? []), name])
  return [...by].toSorted(([, a], [, b]) => b.length - a.length)
}

/** The verdicts of a run, a cell each. */
export const counts = ({ results: { tally } }: ColumnRun): Markup[] =>
  verdicts.map((verdict) => {
    const n = tally.verdicts[verdict]
    return markup`<td data-what="${verdict}" class="${n === 0 ? 'none' : classOf(verdict)}">${grouped(n)}</td>`
  })

/** The page; `allure`: the file of its Allure report beside it. */
export const runPage = (column: Column, run: ColumnRun, allure: string | undefined): Page => {
  const wrong = run.failures.filter(({ verdict }) => verdict !== 'known')
  const known = run.failures.filter(({ verdict }) => verdict === 'known')
  const skipped = skips(run)
  const told = (one: Failure) => failure(one, column, run)
  const heading = (id: string, words: string) => markup`<h2 id="${id}">${words}</h2>`
  return {
    title: column.name,
    contents: [
      { href: '#wrong', text: 'Not as it should be' },
      ...wrong.map(({ id, text }) => ({ href: `#${id}`, text })),
      ...(known.length > 0 ? [{ href: '#known', text: 'Known bugs' }] : []),
      { href: '#skipped', text: 'Not offered' },
    ],
    body: markup`
<h1>${column.name}</h1>
${run.results.incomplete ? markup`<p class="broken">The run is incomplete: ${many(run.results.unplayed.length, 'file')} were not played to the end.</p>` : undefined}
<table class="stacked counts"><thead><tr>${verdicts.map((verdict) => markup`<th>${verdict}</th>`)}</tr></thead>
<tbody><tr>${counts(run)}</tr></tbody></table>
<dl class="facts">${facts(column, run).map(([what, words]) => markup`<dt>${what}</dt><dd>${words}</dd>`)}</dl>
${allure === undefined ? undefined : markup`<p><a href="${allure}">The Allure report of this run</a></p>`}
${heading('wrong', 'Not as it should be')}
${wrong.length === 0 ? markup`<p>Nothing violates, nothing drifts, nothing broke.</p>` : wrong.map(told)}
${known.length === 0 ? undefined : [heading('known', 'Known bugs'), known.map(told)]}
${heading('skipped', 'Not offered')}
${skipped.length === 0 ? markup`<p>Everything was played.</p>` : undefined}
${skipped.map(
  ([why, names]) =>
    markup`<details><summary>${grouped(names.length)}: ${why}</summary>${names.map((name) => markup`<p class="small">${name}</p>`)}</details>`,
)}`,
  }
}
