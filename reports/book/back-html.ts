/** The back of the book as HTML: where text and code disagree, what changed between releases, known errata. */
import { regName } from '../../harness/names/index.ts'
import type { AbiChange } from '../../harness/model/abi-change.ts'
import { releasesInWords } from '../../harness/model/release.ts'
import type { Erratum } from '../../harness/table/errata.ts'
import { threadLink, withLinks } from '../html/links.ts'
import { code, joined, markup, soft, type Markup, type Piece } from '../html/markup.ts'
import { anchor, answerOf, outdented, type Gathered } from './book.ts'
import { cited, linked, shown } from './inline.ts'

const disagreement = ({ first, rows, seen }: Gathered, names: ReadonlySet<string>): Markup => {
  const to = (id: string, words: Piece) => markup`<a href="#${anchor(id)}">${words}</a>`
  const ioctl = names.has(first.ioctl) ? to(first.ioctl, code(first.ioctl)) : code(first.ioctl)
  const whys = new Map(rows.map(({ row: id, why }) => [why, id === undefined ? why : to(id, why)]))
  const does = rows.map((r) => {
    const answer = r.row === undefined && r.errno === undefined ? undefined : markup`${code(answerOf(r.errno))}: `
    return markup`<p>${answer}${linked(r.does, names)} ${cited(r.cite)}</p>`.html
  })
  const says = first.saysErrno ? code(`-${first.saysErrno}`) : linked(first.says, names)
  return markup`<tr><td class="where">${ioctl}<br><span class="small">${joined([...whys.values()], markup`<br>`)}</span></td>
<td data-what="the text"><p>${says} ${cited(first.saysCite)}</p></td>
<td data-what="the kernel">${[...new Set(does)].map((html) => ({ html }))}</td>
<td data-what="seen in" class="small">${seen.join(', ')}</td></tr>`
}

/** Where text and code disagree. `names`: the ioctls that have a chapter. */
export const disagreementsOf = (all: readonly Gathered[], names: ReadonlySet<string>): Markup => markup`
<h2 id="disagreements">Where text and code disagree</h2>
<p>${all.length} places. Each passage was found in the documentation of the releases it is about.</p>
<table class="stacked twice">
<thead><tr><th>ioctl and rule</th><th>the text</th><th>the kernel</th><th>seen in</th></tr></thead>
<tbody>
${all.map((one) => disagreement(one, names))}
</tbody></table>`

const change = ({ commit, title, since, registers = [], names = [], shown: by = [] }: AbiChange): Markup => markup`
<h3><span class="code">${withLinks(commit)}</span> ${title}</h3>
<p>since ${[since].flat().join(', ')} ${soft(threadLink(title))}</p>
${registers.length + names.length === 0 ? undefined : markup`<p class="small">${joined([...registers.map(regName), ...names].map(code), ', ')}</p>`}
${by.map(({ trace, otherwise }) => [shown(outdented(trace)), markup`<p class="small">${code(otherwise)} without it</p>`])}`

/** What changed between releases, and by which commit. */
export const changesOf = (all: readonly AbiChange[]): Markup => markup`
<h2 id="changes">Changes between releases</h2>
<p>${all.length} commits that userspace meets on its way from one release to another, with what shows whether a kernel has each.</p>
${all.map(change)}`

/** The releases with a bug, in words. */
const had = ({ since, fixed }: Erratum): string => {
  const dated = { ...(since !== undefined && { since }), ...(fixed !== undefined && { until: fixed }) }
  return since !== undefined && [since].flat()[0] === [fixed].flat()[0]
    ? 'fixed before any release had it'
    : fixed === undefined
      ? `${releasesInWords(dated)}; not fixed in any release here`
      : `releases: ${releasesInWords(dated)}`
}

const erratum = (one: Erratum, names: ReadonlySet<string>): Markup => markup`
<h3 id="${anchor(one.commit)}"><span class="code">${withLinks(one.commit)}</span> ${one.title}</h3>
<p>${linked(one.saw, names)} ${soft([had(one), '; ', one.cite ? [withLinks(one.cite), '; '] : undefined, threadLink(one.title)])}</p>
${shown(outdented(one.trace))}`

/** Known errata. `names`: the ioctls that have a chapter. */
export const errataOf = (all: readonly Erratum[], names: ReadonlySet<string>): Markup => markup`
<h2 id="errata">Known errata</h2>
<p>${all.length} bugs that userspace could see, with the answers of a kernel that has them.</p>
${all.map((one) => erratum(one, names))}`
