/** Pieces of HTML that the pages of the book have in common. */
import { releasesInWords } from '../../harness/model/release.ts'
import type { Citation } from '../../harness/model/rule.ts'
import { escape } from '../html/page.ts'

/** What these pieces look like. */
export const INLINE_STYLE = `
.facts { margin: .3rem 0 .6rem; color: var(--soft) }
.whole { white-space: nowrap }
.cite { color: var(--soft); font-size: .86em }
.cite b { font-weight: 600; color: var(--ink) }
`

/** Sentences with the ioctls that have a chapter as links. */
export const linked = (text: string, names: ReadonlySet<string>): string =>
  escape(text).replace(/\bKVM_[A-Z0-9_]+\b/g, (word) =>
    names.has(word) ? `<a href="#${word}"><code>${word}</code></a>` : `<code>${word}</code>`,
  )

/** A trace, whose answers stay in one piece. */
export const shown = (trace: string): string =>
  escape(trace).replace(/-&gt; \S+/g, (answer) => `<span class="whole">${answer}</span>`)

/** Where a rule comes from. */
export const cited = ({ kind, at, ...within }: Citation): string =>
  `${kind}${within.since || within.until ? ` (${releasesInWords(within)})` : ''}: ${escape(at)}`

/** HTML in small print. */
export const soft = (html: string): string => `<span class="cite">${html}</span>`
/** Text of a fixed width. */
export const mono = (text: string): string => `<span class="mono">${escape(text)}</span>`
/** A word of the ABI. */
export const code = (text: string): string => `<code>${escape(text)}</code>`
/** The head of a table: the class and the text of each column. */
export const header = (names: readonly (readonly [string, string])[]): string =>
  `<thead><tr>${names.map(([kind, text]) => `<th class="${kind}">${text}</th>`).join('')}</tr></thead>`
