/** HTML as templates: what is put into one is made visible and escaped, unless it is HTML already. */
import { visible } from '../../harness/process/visible.ts'

/** A piece of HTML. */
export interface Markup {
  readonly html: string
}

/** What a template takes; undefined is nothing. */
export type Piece = Markup | string | number | undefined | readonly Piece[]

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const htmlOf = (piece: Piece): string => {
  if (piece === undefined) return ''
  if (typeof piece !== 'object') return visible(String(piece)).replace(/[&<>"]/g, (c) => ENTITIES[c]!)
  return 'html' in piece ? piece.html : piece.map(htmlOf).join('')
}

/** The tag of a template. */
export const markup = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  html: texts.map((text, i) => text + htmlOf(pieces[i])).join(''),
})

/** Pieces with something between them. */
export const joined = (pieces: readonly Piece[], between: Piece): Markup =>
  markup`${pieces.map((piece, i) => (i === 0 ? piece : [between, piece]))}`

/** A word of the ABI. */
export const code = (text: string): Markup => markup`<code>${text}</code>`

/** Words in small print. */
export const soft = (words: Piece): Markup => markup`<span class="soft small">${words}</span>`
