/** Text for a person: coloured and fitted to the width on a terminal, in a pipe as it is. */
import { styleText } from 'node:util'
import type { Verdict } from '../../harness/model/verdict.ts'

/** Where a command writes; a terminal knows its width. */
export interface Screen {
  write(text: string): void
  isTTY: boolean
  /** Whether colours are wanted: on a terminal, unless NO_COLOR or FORCE_COLOR say otherwise. */
  hasColours: boolean
  columns: number
  /** The terminal that a line may be redrawn on, where there is one and a person looks at it. */
  live?: { write(text: string): void; columns: number } | undefined
}

type Style = Parameters<typeof styleText>[0]

/** How a verdict looks where it is the worst that happened; the others are not coloured. */
const styles: Partial<Record<Verdict, Style>> = {
  violates: ['bold', 'red'],
  broken: ['bold', 'yellow'],
  'not reproduced': ['bold', 'yellow'],
  drifts: 'yellow',
}

/** The text in the colour of a verdict. */
export const painted = ({ hasColours }: Screen, verdict: Verdict, text: string): string => {
  const style = styles[verdict]
  return hasColours && style ? styleText(style, text, { validateStream: false }) : text
}

/** The text without what is wider than `width`. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`

/** Where words are broken when a column would be narrower. */
const NARROWEST = 20

/**
 * A line as the lines that a terminal shows, broken between words, each further one indented by `indent`; a word that
 * is too long stays whole. In a pipe it stays one line. Not for what is copied, such as traces and commands.
 */
export const wrapped = ({ isTTY, columns }: Screen, text: string, indent: number): string[] => {
  const width = Math.max(columns - 1, indent + NARROWEST)
  if (!isTTY || text.length <= width) return [text]
  const [start] = /^ */.exec(text)!
  const lines = [start]
  let isFirst = true
  for (const word of text.slice(start.length).split(' ')) {
    const line = lines.at(-1)!
    if (isFirst) lines[lines.length - 1] = line + word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(' '.repeat(indent) + word)
    isFirst = false
  }
  return lines
}
