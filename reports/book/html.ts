/** The ABI book as one page. */
import { releasesInWords } from '../../harness/model/release.ts'
import { withLinks } from '../html/links.ts'
import { code, joined, markup, type Markup, type Piece } from '../html/markup.ts'
import type { Link, Page } from '../html/page.ts'
import { changesOf, disagreementsOf, errataOf } from './back-html.ts'
import { anchor, answerOf, type Book } from './book.ts'
import type { Chapter, Paragraph } from './chapters.ts'
import { cited, linked, mailed, shown } from './inline.ts'
import type { Proposal } from './proposed.ts'
import { asShipped } from './words.ts'

/** What else is known of a rule: where it was seen. */
export type MoreOfRule = (id: string) => Piece

/** What a book's pieces need to know of the whole. */
interface Reading {
  /** The ioctls that have a chapter. */
  names: ReadonlySet<string>
  more: MoreOfRule
}

/** What the document says instead of what the row says. */
const instead = ({ instead: other, text }: Paragraph, names: ReadonlySet<string>): Markup[] =>
  [
    ...(other ? [markup`The text has ${code(`-${other.errno}`)}. ${cited(other.cite)}`] : []),
    ...text.map(({ says, cite, ...dated }) => {
      const when = dated.since || dated.until ? ` (${releasesInWords(dated)})` : ''
      return markup`The text${when}: ${linked(says, names)} ${cited(cite)}`
    }),
  ].map((words) => markup`<p class="aside text">${words}</p>`)

const rule = (part: Paragraph, { names, more }: Reading): Markup => markup`
<li class="rule${part.errno === undefined ? ' ok' : ''}" id="${anchor(part.id)}">
<div class="answer"><code><b>${answerOf(part.errno)}</b></code>${part.errno === undefined ? undefined : ` (${part.why})`}
${part.about.map((one) => markup`<p class="soft small">${linked(one, names)}</p>`)}
<p class="soft small">${part.releases === 'all' ? 'all releases' : part.releases}</p></div>
<div class="says"><p>${linked(part.says, names)}</p><p>${cited(part.cite)}</p>
${part.changes.map((words) => markup`<p class="soft small">${withLinks(words)}</p>`)}
${instead(part, names)}
${
  part.left.length === 0
    ? undefined
    : markup`<p class="aside small">Leaves behind: <code>${joined(part.left, markup`<br>`)}</code></p>`
}
${
  part.trace === undefined
    ? markup`<p class="soft small">No recorded host shows it: ${part.unseen ?? 'nothing was found'}.</p>`
    : shown(part.trace)
}
${part.host === undefined ? undefined : markup`<p class="soft small">trace on ${part.host}</p>`}
${more(part.id)}</div>
</li>`

const rules = (heading: Piece, all: readonly Paragraph[], reading: Reading): Markup =>
  all.length === 0
    ? markup``
    : markup`<h3>${heading}</h3><ol class="rules">${all.map((one) => rule(one, reading))}</ol>`

const chapter = (one: Chapter, reading: Reading): Markup => {
  const facts = [
    markup`on ${code(one.on)}`,
    ...(one.nr === undefined ? [] : [markup`number ${code(one.nr)}`]),
    ...(one.capability === undefined ? [] : [markup`capability ${code(one.capability)}`]),
    ...(one.since === undefined ? [] : [markup`since ${one.since}`]),
  ]
  return markup`
<h2 class="code" id="${anchor(one.name)}">${one.name}</h2>
<p class="soft">${joined(facts, '; ')}</p>
${asShipped(one).map((words) => markup`<p class="soft">${words}</p>`)}
${one.calls.length > 0 ? markup`<pre>${one.calls.join('\n')}</pre>` : undefined}
${one.sections.map(({ device, refusals }) =>
  rules(markup`Refuses${device === '' ? undefined : markup` on ${code(device)}`}, in this order`, refusals, reading),
)}
${rules('Grants', one.grants, reading)}`
}

const TRACES = 'VMs and vcpus that a trace uses and does not make exist before it.'

/** What shipped, in a sentence. */
const shippedIntro = ({ branches, chapters }: Book, count: number): Markup => markup`
<h1>The KVM/arm64 ABI</h1>
<p>What Linux ${branches.join(', ')} answer to userspace: ${count} rules of ${chapters.length - 1} ioctls, in the order in
which the kernel looks. <i>Documented</i> is what Documentation/virt/kvm promises, <i>observed</i> what the code does.
${TRACES}</p>`

/** What was proposed, and by whom. */
const proposedIntro = (
  { name, about, mail, gone }: Proposal,
  count: number,
  names: ReadonlySet<string>,
): Markup => markup`
<h1>A draft of the KVM/arm64 ABI: ${code(name)}</h1>
<p>${linked(about, names)}.</p>
${mail && markup`<p class="soft">${mailed(mail)}</p>`}
<p>${count} rules that did not ship so, in the order in which its kernel looks. <i>Proposed</i> is what a mail says, or
what had to be assumed. ${TRACES}</p>
${gone.length === 0 ? undefined : markup`<p>It has no ${joined(gone.map(code), ', ')}.</p>`}`

/** The page; `more` adds to each rule. */
export const bookPage = (book: Book, more: MoreOfRule = () => undefined): Page => {
  const { chapters, disagreements, changes, errata, proposal } = book
  const names = new Set(chapters.map(({ name }) => name))
  const count = chapters.flatMap(({ sections, grants }) => [...sections.flatMap(({ refusals }) => refusals), ...grants])
  const contents: Link[] = [
    ...chapters.map(({ name }): Link => ({ href: `#${anchor(name)}`, text: name, isCode: true })),
    ...(disagreements.length > 0 ? [{ href: '#disagreements', text: 'Where text and code disagree' }] : []),
    ...(changes.length > 0 ? [{ href: '#changes', text: 'Changes between releases' }] : []),
    ...(errata.length > 0 ? [{ href: '#errata', text: 'Known errata' }] : []),
  ]
  return {
    title: proposal ? `A draft of the KVM/arm64 ABI: ${proposal.name}` : 'The KVM/arm64 ABI',
    contents,
    body: markup`
${proposal ? proposedIntro(proposal, count.length, names) : shippedIntro(book, count.length)}
${chapters.map((one) => chapter(one, { names, more }))}
${disagreements.length > 0 ? disagreementsOf(disagreements, names) : undefined}
${changes.length > 0 ? changesOf(changes) : undefined}
${errata.length > 0 ? errataOf(errata, names) : undefined}`,
  }
}
