/** The ABI book as one HTML page. */
import type { Citation } from '../../harness/ioctl.ts'
import { escape, page } from '../page.ts'
import { anchor, answerOf, outdented, type Book, type Gathered } from './book.ts'
import { inWords, type Chapter, type Paragraph } from './chapters.ts'

const STYLE = `
nav { columns: 3; margin: 1rem 0; font-size: .92em } nav a { display: block; break-inside: avoid }
.facts { margin: .3rem 0 .6rem; color: var(--soft) }
.rows { table-layout: fixed } .rows .answer { width: 15rem } .rows .when { width: 9rem }
.answer b { font-weight: 600 } .cite { color: var(--soft); font-size: .86em } .cite b { font-weight: 600; color: var(--ink) }
.text { border-left: 3px solid #b9812b; padding-left: .6rem; margin: .35rem 0 } .left { border-left: 3px solid #8a8a8a; padding-left: .6rem; margin: .35rem 0 }
.twice { table-layout: fixed } .twice .where { width: 18rem } .twice .seen { width: 8.5rem }
.ok td { background: #fbfbfa }
`

/** Sentences with the ioctls that have a chapter as links. */
const linked = (text: string, names: ReadonlySet<string>): string =>
  escape(text).replace(/\bKVM_[A-Z0-9_]+\b/g, (word) => (names.has(word) ? `<a href="#${word}"><code>${word}</code></a>` : `<code>${word}</code>`))

const cited = ({ kind, at, ...within }: Citation): string =>
  `${kind}${within.since || within.until ? ` (${inWords(within)})` : ''}: ${escape(at)}`

const row = (part: Paragraph, names: ReadonlySet<string>): string => {
  const instead = part.instead
    ? `<p class="text">The text has <code>-${part.instead.errno}</code>. <span class="cite">${cited(part.instead.cite)}</span></p>` : ''
  const text = part.text.map(({ says, cite, ...dated }) =>
    `<p class="text">The text: ${linked(says, names)}${dated.since || dated.until ? ` (${inWords(dated)})` : ''} <span class="cite">${cited(cite)}</span></p>`).join('')
  const left = part.left.length === 0 ? '' : `<p class="left small">Leaves behind: <span class="mono">${part.left.map(escape).join('<br>')}</span></p>`
  const example = part.trace === undefined
    ? `<p class="soft small">No recorded host shows it: ${escape(part.unreached ?? 'nothing was found')}.</p>`
    : `<pre>${escape(part.trace)}</pre><p class="soft small">on ${escape(part.host!)}</p>`
  return `<tr id="${anchor(part.id)}"${part.errno === undefined ? ' class="ok"' : ''}><td class="answer"><code><b>${answerOf(part.errno)}</b></code>${part.errno === undefined ? '' : ` <span>(${escape(part.why)})</span>`}`
    + `${part.about === '' ? '' : `<p class="soft small mono">${escape(part.about).replaceAll(', ', '<br>')}</p>`}</td>`
    + `<td><p>${linked(part.says, names)}</p><p class="cite">${cited(part.cite)}</p>${instead}${text}${left}${example}</td><td class="when small">${escape(part.releases)}</td></tr>`
}

const table = (rows: readonly Paragraph[], names: ReadonlySet<string>): string =>
  `<table class="rows"><thead><tr><th class="answer">answer</th><th>rule, where it is from, shortest trace</th><th class="when">releases</th></tr></thead><tbody>\n${
    rows.map((one) => row(one, names)).join('\n')}\n</tbody></table>`

const chapter = (one: Chapter, names: ReadonlySet<string>): string => [
  `<h2 class="code" id="${anchor(one.name)}">${escape(one.name)}</h2>`,
  `<p class="facts">on <span class="mono">${escape(one.on)}</span>${one.nr === undefined ? '' : `; number <span class="mono">${one.nr}</span>`}${
    one.capability ? `; capability <span class="mono">${one.capability}</span>` : ''}${one.since ? `; since ${one.since}` : ''}</p>`,
  ...(one.calls.length > 0 ? [`<pre>${one.calls.map(escape).join('\n')}</pre>`] : []),
  ...one.sections.filter(({ refusals }) => refusals.length > 0).map(({ device, refusals }) =>
    `${device === '' ? '<h3>Refuses, in this order</h3>' : `<h3>Refuses on <span class="mono">${escape(device)}</span>, in this order</h3>`}${table(refusals, names)}`),
  ...(one.grants.length > 0 ? [`<h3>Grants</h3>${table(one.grants, names)}`] : []),
].join('\n')

const disagreement = ({ first, rows, seen }: Gathered, names: ReadonlySet<string>): string => {
  const ioctl = names.has(first.ioctl) || first.ioctl === 'every call' ? `<a href="#${anchor(first.ioctl)}"><code>${escape(first.ioctl)}</code></a>` : `<code>${escape(first.ioctl)}</code>`
  const whys = rows.map(({ row: id, why }) => (id === undefined ? escape(why) : `<a href="#${anchor(id)}">${escape(why)}</a>`))
  const does = [...new Set(rows.map((r) => `<p>${r.row !== undefined || r.errno ? `<code>${answerOf(r.errno)}</code>: ` : ''}${linked(r.does, names)} <span class="cite">${cited(r.cite)}</span></p>`))]
  return `<tr><td class="where">${ioctl}<br><span class="small">${[...new Set(whys)].join('<br>')}</span></td>`
    + `<td><p>${first.saysErrno ? `<code>-${first.saysErrno}</code>` : linked(first.says, names)} <span class="cite">${cited(first.saysCite)}</span></p></td>`
    + `<td>${does.join('')}</td><td class="seen small">${seen.map(escape).join(', ')}</td></tr>`
}

/** The page. */
export const bookHtml = ({ chapters, disagreements, errata, branches }: Book): string => {
  const names = new Set(chapters.map(({ name }) => name))
  const rows = chapters.reduce((sum, { sections, grants }) => sum + grants.length + sections.reduce((s, one) => s + one.refusals.length, 0), 0)
  return page('The KVM/arm64 ABI', STYLE, [
    '<h1>The KVM/arm64 ABI</h1>',
    `<p>What Linux ${branches.join(', ')} answer to userspace: ${rows} rules of ${chapters.length - 1} ioctls, in the order in which the kernel looks.`
    + ' <i>Documented</i> is what Documentation/virt/kvm promises, <i>observed</i> what the code does. VMs and vcpus that a trace uses and does not make exist before it.</p>',
    `<nav>${chapters.map(({ name }) => `<a href="#${anchor(name)}"><code>${escape(name)}</code></a>`).join('')}<a href="#disagreements">Where text and code disagree</a><a href="#errata">Known errata</a></nav>`,
    ...chapters.map((one) => chapter(one, names)),
    '<h2 id="disagreements">Where text and code disagree</h2>',
    `<p>${disagreements.length} places. The text is that of the same release, found word for word.</p>`,
    `<table class="twice"><thead><tr><th class="where">ioctl and rule</th><th>the text</th><th>the kernel</th><th class="seen">seen in</th></tr></thead><tbody>\n${
      disagreements.map((one) => disagreement(one, names)).join('\n')}\n</tbody></table>`,
    '<h2 id="errata">Known errata</h2>',
    `<p>${errata.length} bugs that userspace could see, with the answers of a kernel that has them.</p>`,
    ...errata.map((one) => `<h3 id="${anchor(one.fix)}"><span class="mono">${escape(one.fix)}</span> ${escape(one.title)}</h3>`
      + `<p>${linked(one.saw, names)} <span class="cite">${one.fixed === undefined ? `${inWords({ ...(one.since !== undefined && { since: one.since }) })}; not fixed` : `bug: ${inWords({ ...(one.since !== undefined && { since: one.since }), until: one.fixed })}`}${one.cite ? `; ${escape(one.cite)}` : ''}</span></p>`
      + `<pre>${escape(outdented(one.trace))}</pre>`),
  ].join('\n'))
}
