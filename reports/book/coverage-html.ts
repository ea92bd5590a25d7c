/** Which names of the kernel's headers the suites cover, as one page. */
import { code, joined, markup, type Markup } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { anchor } from './book.ts'
import { type KindCoverage, factsOf, figures, plural, unseenByReason } from './coverage.ts'

const section = (one: KindCoverage, hosts: readonly string[]): Markup => {
  const seen = one.names.filter(({ isSeen }) => isSeen)
  return markup`
<h2 id="${anchor(one.kind)}" class="title">${plural(one.kind)}</h2>
${
  seen.length === 0
    ? undefined
    : markup`<table class="stacked names"><thead><tr><th>seen</th><th>by what, and where</th></tr></thead>
<tbody>${seen.map(
        (each) => markup`<tr id="${anchor(each.name)}"><th>${code(each.name)}</th>
<td class="small">${factsOf(each, one.kind, hosts).map(([what, words]) => markup`<p><b>${what}</b> ${words}</p>`)}</td></tr>\n`,
      )}</tbody></table>`
}
${unseenByReason(one).map(
  ([reason, names]) => markup`<h3>Not seen, ${reason}</h3><p class="small">${joined(names.map(code), ' ')}</p>`,
)}`
}

/** The page. `release`: of the headers; `hosts`: the names of all that were recorded. */
export const coveragePage = (coverage: readonly KindCoverage[], release: string, hosts: readonly string[]): Page => {
  const title = `What the headers of Linux ${release} name for arm64, and what was seen of it`
  return {
    title,
    contents: coverage.map(({ kind }) => ({ href: `#${anchor(kind)}`, text: plural(kind) })),
    body: markup`
<h1>${title}</h1>
<p>Seen: ${figures(coverage).join(', ')}. By sequences and laws, on the recorded hosts.</p>
${coverage.map((one) => section(one, hosts))}`,
  }
}
