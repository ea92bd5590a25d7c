/** Which names of the kernel's headers the suites cover, as one HTML page. */
import { escape, page } from '../html/page.ts'
import { anchor } from './book.ts'
import { type KindCoverage, type NameCoverage, factsOf, figures, plural, unseenByReason } from './coverage.ts'
import { INLINE_STYLE, code, header } from './inline.ts'

const STYLE = `${INLINE_STYLE}
.names th { white-space: nowrap; color: var(--ink); padding-right: 1.2rem }
.names td { overflow-wrap: anywhere }
.names .name { width: 22rem }
.names td p { margin: 0 0 .25rem }
h2 { text-transform: capitalize }
`

const row = (one: NameCoverage, { kind }: KindCoverage, hosts: readonly string[]): string => {
  const facts = factsOf(one, kind, hosts).map(([what, words]) => `<p><b>${what}</b> ${escape(words)}</p>`)
  return `<tr id="${anchor(one.name)}"><th>${code(one.name)}</th><td class="small">${facts.join('')}</td></tr>`
}

const section = (one: KindCoverage, hosts: readonly string[]): string[] => {
  const seen = one.names.filter(({ isSeen }) => isSeen)
  return [
    `<h2 id="${anchor(one.kind)}">${plural(one.kind)}</h2>`,
    ...(seen.length === 0
      ? []
      : [
          '<table class="names stacked">',
          header([
            ['name', 'seen'],
            ['facts', 'by what, and where'],
          ]),
          '<tbody>',
          ...seen.map((each) => row(each, one, hosts)),
          '</tbody></table>',
        ]),
    ...unseenByReason(one).map(
      ([reason, names]) =>
        `<h3>Not seen, ${escape(reason)}</h3>\n<p class="small">${names.map((name) => code(name)).join(' ')}</p>`,
    ),
  ]
}

/** The page. `release`: of the headers; `hosts`: the names of all that were recorded. */
export const coverageHtml = (coverage: readonly KindCoverage[], release: string, hosts: readonly string[]): string => {
  const heading = `What the headers of Linux ${release} name for arm64, and what was seen of it`
  return page(
    heading,
    STYLE,
    [
      `<h1>${escape(heading)}</h1>`,
      `<p>Seen: ${figures(coverage).map(escape).join(', ')}. By sequences and laws, on the recorded hosts.</p>`,
      `<nav>${coverage.map(({ kind }) => `<a href="#${anchor(kind)}">${plural(kind)}</a>`).join(' ')}</nav>`,
      ...coverage.flatMap((one) => section(one, hosts)),
    ].join('\n'),
  )
}
