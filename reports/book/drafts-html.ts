/** The drafts as one page. */
import { code, markup, soft, type Markup } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { anchor } from './book.ts'
import { INTRO, type ComparedDraft, type Draft, type Drafts, type MeasuredWords } from './drafts.ts'
import { linked, mailed, shown } from './inline.ts'

const measured = ({ verdict, words }: MeasuredWords): Markup =>
  markup`<p class="${verdict?.replace(' ', '-') ?? 'soft'}">${linked(words)}</p>`

const compared = (one: ComparedDraft): Markup => markup`
<tr class="about"><th colspan="3">${linked(one.about)}</th></tr>
<tr class="compared"><td data-what="drafted">${linked(one.drafted)}</td>
<td data-what="shipped">${linked(one.shipped)}</td><td data-what="measured">${one.measured.map(measured)}</td></tr>
<tr><td colspan="3"><p>Because: ${linked(one.because)} ${soft(linked(one.source))}</p>
${one.asks === undefined ? undefined : shown(one.asks)}</td></tr>`

const draft = ({ name, about, mail, compared: all }: Draft): Markup => markup`
<h2 class="code" id="${anchor(name)}">${name}</h2>
<p>${linked(about)}</p>
<p class="soft">${mail ? mailed(mail) : 'Nobody proposed it.'}</p>
${
  all.length === 0
    ? markup`<p class="soft">Not compared with what shipped.</p>`
    : markup`<table class="stacked drafts"><thead><tr><th>drafted</th><th>shipped</th><th>measured</th></tr></thead>
<tbody>${all.map(compared)}</tbody></table>`
}`

/** The page. */
export const draftsPage = ({ drafts, kernels }: Drafts): Page => ({
  title: 'Drafts of the KVM/arm64 ABI',
  contents: drafts.map(({ name }) => ({ href: `#${anchor(name)}`, text: name, isCode: true })),
  body: markup`
<h1>Drafts of the KVM/arm64 ABI</h1>
<p>${INTRO}</p>
${drafts.map(draft)}
<h2>The kernels that were asked</h2>
${Object.values(kernels).map(({ release, unameR, target }) => markup`<p>${release} (${unameR}), ${code(target)}</p>`)}
${Object.keys(kernels).length === 0 ? markup`<p class="soft">None yet.</p>` : undefined}`,
})
