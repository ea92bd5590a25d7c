/** The ABI book as one HTML page. */
import type { Erratum } from '../../harness/table/errata.ts'
import { releasesInWords } from '../../harness/model/release.ts'
import { escape, page } from '../html/page.ts'
import { anchor, answerOf, outdented, type Book, type Gathered } from './book.ts'
import type { Proposal } from './proposed.ts'
import { asShipped, mailInWords } from './words.ts'
import type { Chapter, Paragraph } from './chapters.ts'
import { INLINE_STYLE, cited, code, header, linked, mono, shown, soft } from './inline.ts'

const STYLE = `${INLINE_STYLE}nav { columns: 18rem 3; margin: 1rem 0; font-size: .92em }
nav a { display: block; break-inside: avoid }
.rows { table-layout: fixed }
.rows .answer { width: 14.5rem }
.rows .when { width: 8.5rem }
.rows td p:first-child { margin-top: 0 }
.answer .small code { font-size: .92em; overflow-wrap: anywhere }
.answer b { font-weight: 600 }
.text { border-left: 3px solid var(--note); padding-left: .6rem; margin: .35rem 0 }
.left { border-left: 3px solid var(--faint); padding-left: .6rem; margin: .35rem 0 }
.twice { table-layout: fixed }
.twice .where { width: 18rem }
.twice .seen { width: 8.5rem }
.ok td { background: var(--tint) }
`

/** The releases with a bug, in words. */
const had = ({ since, fixed }: Erratum): string => {
  const dated = { ...(since !== undefined && { since }), ...(fixed !== undefined && { until: fixed }) }
  return since !== undefined && [since].flat()[0] === [fixed].flat()[0]
    ? 'fixed before any release had it'
    : fixed === undefined
      ? `${releasesInWords(dated)}; not fixed in any release here`
      : `releases: ${releasesInWords(dated)}`
}

/** What the document says instead of what the row says. */
const instead = ({ instead: other, text }: Paragraph, names: ReadonlySet<string>): string[] =>
  [
    ...(other ? [`The text has ${code(`-${other.errno}`)}. ${soft(cited(other.cite))}`] : []),
    ...text.map(({ says, cite, ...dated }) => {
      const when = dated.since || dated.until ? ` (${releasesInWords(dated)})` : ''
      return `The text${when}: ${linked(says, names)} ${soft(cited(cite))}`
    }),
  ].map((html) => `<p class="text">${html}</p>`)

const row = (part: Paragraph, names: ReadonlySet<string>): string => {
  const about = part.about.map((one) => linked(one, names)).join('<br>')
  const left = part.left.map(escape).join('<br>')
  const answer = [
    `<code><b>${answerOf(part.errno)}</b></code>`,
    ...(part.errno === undefined ? [] : [` (${escape(part.why)})`]),
    ...(about === '' ? [] : [`<p class="soft small">${about}</p>`]),
  ]
  const rule = [
    `<p>${linked(part.says, names)}</p><p class="cite">${cited(part.cite)}</p>`,
    ...instead(part, names),
    ...(left === '' ? [] : [`<p class="left small">Leaves behind: <code>${left}</code></p>`]),
    part.trace === undefined
      ? `<p class="soft small">No recorded host shows it: ${escape(part.unseen ?? 'nothing was found')}.</p>`
      : `<pre>${shown(part.trace)}</pre>`,
  ]
  const host = part.host === undefined ? '' : `<p class="soft">trace on ${escape(part.host)}</p>`
  return (
    `<tr id="${anchor(part.id)}"${part.errno === undefined ? ' class="ok"' : ''}>`
    + `<td class="answer">${answer.join('')}</td><td>${rule.join('')}</td>`
    + `<td class="when small">${escape(part.releases)}${host}</td></tr>`
  )
}

const table = (rows: readonly Paragraph[], names: ReadonlySet<string>): string =>
  [
    '<table class="rows stacked">',
    header([
      ['answer', 'answer'],
      ['rule', 'rule, where it is from, shortest trace'],
      ['when', 'releases'],
    ]),
    '<tbody>',
    ...rows.map((one) => row(one, names)),
    '</tbody></table>',
  ].join('\n')

const chapter = (one: Chapter, names: ReadonlySet<string>): string => {
  const facts = [
    `on ${mono(one.on)}`,
    one.nr && `number ${mono(one.nr)}`,
    one.capability && `capability ${mono(one.capability)}`,
    one.since && `since ${escape(one.since)}`,
  ]
  return [
    `<h2 class="code" id="${anchor(one.name)}">${escape(one.name)}</h2>`,
    `<p class="facts">${facts.filter(Boolean).join('; ')}</p>`,
    ...asShipped(one).map((words) => `<p class="facts">${escape(words)}</p>`),
    ...(one.calls.length > 0 ? [`<pre>${one.calls.map(escape).join('\n')}</pre>`] : []),
    ...one.sections
      .filter(({ refusals }) => refusals.length > 0)
      .flatMap(({ device, refusals }) => [
        `<h3>Refuses${device === '' ? '' : ` on ${mono(device)}`}, in this order</h3>`,
        table(refusals, names),
      ]),
    ...(one.grants.length > 0 ? ['<h3>Grants</h3>', table(one.grants, names)] : []),
  ].join('\n')
}

const disagreement = ({ first, rows, seen }: Gathered, names: ReadonlySet<string>): string => {
  const to = (id: string, html: string) => `<a href="#${anchor(id)}">${html}</a>`
  const ioctl = names.has(first.ioctl) ? to(first.ioctl, code(first.ioctl)) : code(first.ioctl)
  const whys = new Map(rows.map(({ row: id, why }) => [why, id === undefined ? escape(why) : to(id, escape(why))]))
  const does = rows.map((r) => {
    const answer = r.row === undefined && r.errno === undefined ? '' : `${code(answerOf(r.errno))}: `
    return `<p>${answer}${linked(r.does, names)} ${soft(cited(r.cite))}</p>`
  })
  const says = first.saysErrno ? code(`-${first.saysErrno}`) : linked(first.says, names)
  return (
    `<tr><td class="where">${ioctl}<br><span class="small">${[...whys.values()].join('<br>')}</span></td>`
    + `<td><p>${says} ${soft(cited(first.saysCite))}</p></td>`
    + `<td>${[...new Set(does)].join('')}</td><td class="seen small">${seen.map(escape).join(', ')}</td></tr>`
  )
}

const erratum = (one: Erratum, names: ReadonlySet<string>): string =>
  `<h3 id="${anchor(one.commit)}">${mono(one.commit)} ${escape(one.title)}</h3>`
  + `<p>${linked(one.saw, names)} ${soft(had(one) + (one.cite ? `; ${escape(one.cite)}` : ''))}</p>`
  + `<pre>${shown(outdented(one.trace))}</pre>`

const TRACES = 'VMs and vcpus that a trace uses and does not make exist before it.'

/** What shipped, in a sentence. */
const shippedIntro = ({ branches, chapters }: Book, rules: number): string[] => [
  '<h1>The KVM/arm64 ABI</h1>',
  `<p>What Linux ${branches.join(', ')} answer to userspace: ${rules} rules of ${chapters.length - 1} ioctls,`
    + ' in the order in which the kernel looks. <i>Documented</i> is what Documentation/virt/kvm promises,'
    + ` <i>observed</i> what the code does. ${TRACES}</p>`,
]

/** What was proposed, and by whom. */
const proposedIntro = ({ name, about, mail, gone }: Proposal, rules: number, names: ReadonlySet<string>): string[] => [
  `<h1>A draft of the KVM/arm64 ABI: <code>${escape(name)}</code></h1>`,
  `<p>${linked(about, names)}.</p>`,
  ...(mail ? [`<p class="facts">${escape(mailInWords(mail))}</p>`] : []),
  `<p>${rules} rules that did not ship so, in the order in which its kernel looks. <i>Proposed</i> is what a mail`
    + ` says, or what had to be assumed. ${TRACES}</p>`,
  ...(gone.length === 0 ? [] : [`<p>It has no ${gone.map(code).join(', ')}.</p>`]),
]

const disagreementsHtml = (all: readonly Gathered[], names: ReadonlySet<string>): string[] => [
  '<h2 id="disagreements">Where text and code disagree</h2>',
  `<p>${all.length} places. Each passage was found in the documentation of the releases it is about.</p>`,
  '<table class="twice stacked">',
  header([
    ['where', 'ioctl and rule'],
    ['says', 'the text'],
    ['does', 'the kernel'],
    ['seen', 'seen in'],
  ]),
  '<tbody>',
  ...all.map((one) => disagreement(one, names)),
  '</tbody></table>',
]

const errataHtml = (all: readonly Erratum[], names: ReadonlySet<string>): string[] => [
  '<h2 id="errata">Known errata</h2>',
  `<p>${all.length} bugs that userspace could see, with the answers of a kernel that has them.</p>`,
  ...all.map((one) => erratum(one, names)),
]

/** The page. */
export const bookHtml = (book: Book): string => {
  const { chapters, disagreements, errata, proposal } = book
  const names = new Set(chapters.map(({ name }) => name))
  const rules = chapters.reduce(
    (sum, { sections, grants }) => sum + grants.length + sections.flatMap(({ refusals }) => refusals).length,
    0,
  )
  const contents = [
    ...chapters.map(({ name }) => `<a href="#${anchor(name)}">${code(name)}</a>`),
    ...(disagreements.length > 0 ? ['<a href="#disagreements">Where text and code disagree</a>'] : []),
    ...(errata.length > 0 ? ['<a href="#errata">Known errata</a>'] : []),
  ]
  return page(
    proposal ? `A draft of the KVM/arm64 ABI: ${proposal.name}` : 'The KVM/arm64 ABI',
    STYLE,
    [
      ...(proposal ? proposedIntro(proposal, rules, names) : shippedIntro(book, rules)),
      `<nav>${contents.join('')}</nav>`,
      ...chapters.map((one) => chapter(one, names)),
      ...(disagreements.length > 0 ? disagreementsHtml(disagreements, names) : []),
      ...(errata.length > 0 ? errataHtml(errata, names) : []),
    ].join('\n'),
  )
}
