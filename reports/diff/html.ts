/** A comparison as one page. */
import { code, joined, markup, soft, type Markup, type Piece } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { many } from '../run/words.ts'
import { kinds, type Change, type Kind } from './change.ts'
import type { Diff } from './diff.ts'
import { headings, sideInWords } from './text.ts'

const told = (text: string | undefined): Markup => (text === undefined ? soft('absent') : code(text))

const row = ({ what, a, b, rule, times, trace, tests = [] }: Change): Markup => {
  const said: Piece[] = [
    code(what),
    ...(times > 1 ? [`${times} times`] : []),
    ...(rule === undefined ? [] : [markup`rule ${code(rule)}`]),
    ...(tests.length === 0
      ? []
      : [
          markup`<details class="small"><summary>${many(tests.length, 'test')}</summary>${joined(tests, markup`<br>`)}</details>`,
        ]),
  ]
  return markup`<tr><td class="where">${joined(said, markup`<br>`)}</td><td data-what="A">${told(a)}</td>
<td data-what="B">${told(b)}${trace === undefined ? undefined : markup`<pre>${trace}</pre>`}</td></tr>\n`
}

const section = (kind: Kind, changes: readonly Change[]): Markup => markup`
<h2 class="${kind}" id="${kind}">${headings[kind]}: ${changes.length}</h2>
${
  changes.length === 0
    ? undefined
    : markup`<table class="stacked changes"><thead><tr><th>what</th><th>A</th><th>B</th></tr></thead>
<tbody>${changes.map(row)}</tbody></table>`
}`

/** The page. */
export const diffPage = ({ a, b, changes, lists, tests }: Diff): Page => {
  const by = new Map(kinds.map((kind) => [kind, changes.filter((change) => change.kind === kind)]))
  return {
    title: `${a.name} and ${b.name}`,
    contents: [...by].map(([kind, some]) => ({ href: `#${kind}`, text: `${headings[kind]}: ${some.length}` })),
    body: markup`
<h1>What changed</h1>
<p>A: ${sideInWords(a)}<br>B: ${sideInWords(b)}</p>
<p class="soft">${many(lists, 'list')} of calls, ${many(tests, 'test')}, and the hosts were compared.</p>
${[...by].map(([kind, some]) => section(kind, some))}`,
  }
}
