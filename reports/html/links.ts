/** Where the field keeps what a page names: commits, threads, CVEs, documentation, source. */
import { measured, type Dated } from '../../harness/model/release.ts'
import { markup, type Markup, type Piece } from './markup.ts'

const lore = (query: string): string => `https://lore.kernel.org/all/?q=${encodeURIComponent(query)}`

/** What text names, and where that is. */
const KINDS: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/<[^\s<>@]+@[^\s<>]+>/, (id) => `https://lore.kernel.org/all/${encodeURIComponent(id.slice(1, -1))}/`],
  [/\b\d{14}\.\d+-\d+\b/, (id) => lore(`m:${id}`)],
  [/\bCVE-\d{4}-\d{4,}\b/, (id) => `https://www.cve.org/CVERecord?id=${id}`],
  // Twelve digits of a commit; a number has 0x before it.
  [/\b(?=\d*[a-f])[0-9a-f]{12}\b/, (hash) => `https://git.kernel.org/torvalds/c/${hash}`],
]
const ANY = new RegExp(`(${KINDS.map(([pattern]) => pattern.source).join('|')})`)

/** A link that leads away. */
const away = (href: string, words: Piece): Markup => markup`<a href="${href}" rel="noreferrer">${words}</a>`

/** Text in which commits, mails and CVEs are links. */
export const withLinks = (text: string): Markup =>
  markup`${text.split(ANY).map((part, i): Piece => {
    const kind = i % 2 === 1 ? KINDS.find(([pattern]) => pattern.test(part)) : undefined
    return kind ? away(kind[1](part), part) : part
  })}`

/** The thread in which a commit or a mail of this subject was discussed. */
export const threadLink = (subject: string, words: Piece = 'thread'): Markup =>
  away(lore(`s:"${subject.replace(/^(Re: |\[[^\]]*\] )+/, '').replaceAll('"', '')}"`), words)

/** The newest measured release that a dated thing is about. */
const releaseFor = ({ until }: Dated): string => {
  const first = [until].flat()[0]
  const at = first === undefined ? -1 : measured.findIndex((release) => first.startsWith(release))
  return measured[at < 1 ? measured.length - 1 : at - 1]!
}

/** A citation as it stands in a rule, with a link to the file that it names. */
export const citedAt = (at: string, dated: Dated): Markup => {
  const [, file, rest] = /^([\w/.-]+\.(?:rst|c|h))(.*)$/s.exec(at) ?? []
  if (file === undefined) return withLinks(at)
  const href = file.endsWith('.rst')
    ? `https://docs.kernel.org/virt/kvm/${file.replace(/rst$/, 'html')}`
    : `https://elixir.bootlin.com/linux/v${releaseFor(dated)}/source/${file}`
  return markup`${away(href, file)}${rest}`
}
