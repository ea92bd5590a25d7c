/** The drafts as one HTML page. */
import { escape, page } from '../html/page.ts'
import { anchor } from './book.ts'
import { INTRO, type ComparedDraft, type Draft, type Drafts, type MeasuredWords } from './drafts.ts'
import { INLINE_STYLE, header, linked, shown, soft } from './inline.ts'
import { mailInWords } from './words.ts'

const STYLE = `${INLINE_STYLE}
nav { columns: 18rem 3; margin: 1rem 0; font-size: .92em }
nav a { display: block; break-inside: avoid }
.drafts { table-layout: fixed }
.drafts .measured { width: 20rem }
.drafts td, .drafts th { padding-right: 1.2rem }
.drafts td p { margin: 0 0 .25rem }
.drafts .about th { font-size: 1rem; color: var(--ink); border-bottom: 0; padding-top: 1.3rem }
.drafts .compared td { border-bottom: 0 }
.drafts .about, .drafts .compared { border-bottom: 0 !important }
.drafts td[colspan] { padding-right: 0 }
.drafts code { overflow-wrap: anywhere }
.conforms::before { content: "✓ "; color: var(--soft) }
.violates, .drifts, .not-reproduced { color: var(--bad); font-weight: 600 }
.known { color: var(--warn) }
.not-offered, .nothing { color: var(--soft) }
`

/** No chapter stands on this page. */
const none: ReadonlySet<string> = new Set()
const words = (text: string): string => linked(text, none)

const measured = ({ verdict, words: text }: MeasuredWords): string =>
  `<p class="${verdict?.replace(' ', '-') ?? 'nothing'}">${words(text)}</p>`

const compared = (one: ComparedDraft): string =>
  [
    `<tr class="about"><th colspan="3">${words(one.about)}</th></tr>`,
    '<tr class="compared">',
    `<td data-what="drafted">${words(one.drafted)}</td>`,
    `<td data-what="shipped">${words(one.shipped)}</td>`,
    `<td data-what="measured">${one.measured.map(measured).join('')}</td>`,
    '</tr>',
    `<tr><td colspan="3"><p>Because: ${words(one.because)} ${soft(words(one.source))}</p>`,
    ...(one.asks === undefined ? [] : [`<pre>${shown(one.asks)}</pre>`]),
    '</td></tr>',
  ].join('\n')

const draft = ({ name, about, mail, compared: all }: Draft): string =>
  [
    `<h2 class="code" id="${anchor(name)}">${escape(name)}</h2>`,
    `<p>${words(about)}</p>`,
    `<p class="facts">${mail ? escape(mailInWords(mail)) : 'Nobody proposed it.'}</p>`,
    ...(all.length === 0
      ? ['<p class="soft">Not compared with what shipped.</p>']
      : [
          '<table class="drafts stacked">',
          header([
            ['drafted', 'drafted'],
            ['shipped', 'shipped'],
            ['measured', 'measured'],
          ]),
          '<tbody>',
          ...all.map(compared),
          '</tbody></table>',
        ]),
  ].join('\n')

/** The page. */
export const draftsHtml = ({ drafts, kernels }: Drafts): string =>
  page(
    'Drafts of the KVM/arm64 ABI',
    STYLE,
    [
      '<h1>Drafts of the KVM/arm64 ABI</h1>',
      `<p>${escape(INTRO)}</p>`,
      `<nav>${drafts.map(({ name }) => `<a href="#${anchor(name)}"><code>${escape(name)}</code></a>`).join('')}</nav>`,
      ...drafts.map(draft),
      '<h2>The kernels that were asked</h2>',
      ...Object.values(kernels).map(
        ({ release, unameR, target }) =>
          `<p>${escape(release)} (${escape(unameR)}), <code>${escape(target)}</code></p>`,
      ),
      ...(Object.keys(kernels).length === 0 ? ['<p class="soft">None yet.</p>'] : []),
    ].join('\n'),
  )
