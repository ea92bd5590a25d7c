/** A comparison as one page. */
import { escape, page } from '../html/page.ts'
import { many } from '../run/words.ts'
import { kinds, type Change, type Kind } from './change.ts'
import type { Diff } from './diff.ts'
import { headings, sideInWords } from './text.ts'

const STYLE = `
.changes { table-layout: fixed }
.changes .where { width: 32% }
.regression, .lost { color: var(--bad) }
.drift { color: var(--warn) }
td code { overflow-wrap: anywhere }
`

const code = (text: string | undefined): string =>
  text === undefined ? '<span class="soft">absent</span>' : `<code>${escape(text)}</code>`

const row = ({ what, a, b, rule, times, trace, tests = [] }: Change): string => {
  const said = [
    `<code>${escape(what)}</code>`,
    ...(times > 1 ? [`${times} times`] : []),
    ...(rule === undefined ? [] : [`rule <code>${escape(rule)}</code>`]),
    ...(tests.length > 0
      ? [
          `<details class="small"><summary>${many(tests.length, 'test')}</summary>${tests.map(escape).join('<br>')}</details>`,
        ]
      : []),
  ]
  return (
    `<tr><td class="where">${said.join('<br>')}</td><td data-what="A">${code(a)}</td>`
    + `<td data-what="B">${code(b)}${trace === undefined ? '' : `<pre>${escape(trace)}</pre>`}</td></tr>`
  )
}

const section = (kind: Kind, changes: readonly Change[]): string[] => [
  `<h2 class="${kind}">${headings[kind]}: ${changes.length}</h2>`,
  ...(changes.length === 0
    ? []
    : [
        '<table class="changes stacked"><thead><tr><th>what</th><th>A</th><th>B</th></tr></thead><tbody>',
        ...changes.map(row),
        '</tbody></table>',
      ]),
]

/** The page. */
export const diffHtml = ({ a, b, changes, lists, tests }: Diff): string =>
  page(
    `${a.name} and ${b.name}`,
    STYLE,
    [
      '<h1>What changed</h1>',
      `<p>A: ${escape(sideInWords(a))}<br>B: ${escape(sideInWords(b))}</p>`,
      `<p class="soft">${many(lists, 'list')} of calls, ${many(tests, 'test')}, and the hosts were compared.</p>`,
      ...kinds.flatMap((kind) =>
        section(
          kind,
          changes.filter((change) => change.kind === kind),
        ),
      ),
    ].join('\n'),
  )
