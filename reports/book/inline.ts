/** Pieces of HTML that the pages of the book have in common. */
import { releasesInWords } from '../../harness/model/release.ts'
import type { Citation } from '../../harness/model/rule.ts'
import { citedAt, threadLink } from '../html/links.ts'
import { code, markup, soft, type Markup, type Piece } from '../html/markup.ts'
import type { Mail } from '../../harness/model/dialect.ts'
import { mailInWords } from './words.ts'

/** Sentences with the ioctls that have a chapter as links. */
export const linked = (text: string, names: ReadonlySet<string> = new Set()): Markup =>
  markup`${text.split(/\b(KVM_[A-Z0-9_]+)\b/).map((part, i): Piece => {
    if (i % 2 === 0) return part
    return names.has(part) ? markup`<a href="#${part}">${code(part)}</a>` : code(part)
  })}`

/** A trace, whose answers stay in one piece, and whose comments are told apart. */
export const shown = (trace: string): Markup =>
  markup`<pre>${trace.split(/(-> \S+|# .*)/).map((part, i): Piece => {
    if (i % 2 === 0) return part
    return part.startsWith('#') ? markup`<i>${part}</i>` : markup`<span class="whole">${part}</span>`
  })}</pre>`

/** Where a rule comes from. */
export const cited = ({ kind, at, ...within }: Citation): Markup =>
  markup`<span class="cite"><b>${kind}</b>${within.since || within.until ? ` (${releasesInWords(within)})` : ''} ${citedAt(at, within)}</span>`

/** A mail, with its thread. */
export const mailed = (mail: Mail): Markup =>
  markup`${mailInWords(mail)}${mail.subject === undefined ? undefined : [' ', soft(threadLink(mail.subject))]}`
