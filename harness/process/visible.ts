/** Text of unknown origin, made fit to be shown: on a terminal, in a report, in an error message. */

/**
 * What is not seen and yet has an effect: control characters, which terminals obey and XML forbids, what turns the
 * direction of writing, what has no width, and what Unicode has not assigned. Tabs and newlines are not among them.
 */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu

const escaped = (c: string): string => {
  const code = c.codePointAt(0)!.toString(16)
  return code.length > 4
    ? `\\u{${code}}`
    : code.length > 2
      ? `\\u${code.padStart(4, '0')}`
      : `\\x${code.padStart(2, '0')}`
}

/** Hidden characters as `\x1b` or `\u202e`, halves of a pair as U+FFFD; tabs and newlines stay. */
export const visible = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd').replace(hidden, escaped)

/** Visible, and on one line. */
export const oneLine = (text: string): string =>
  visible(text)
    .split(/[\n\t]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .join(' ')

/** Visible, as lines; one that came as several is several. */
export const lines = (texts: readonly string[]): string[] => texts.flatMap((text) => visible(text).split('\n'))

/** The longest piece of input that an error message repeats. */
const LONGEST_QUOTE = 120

/** Input as an error message repeats it: in quotes, on one line, its beginning and its length where it is long. */
export const quoted = (text: string): string => {
  const isLong = text.length > LONGEST_QUOTE
  const said = `"${oneLine(isLong ? text.slice(0, LONGEST_QUOTE) : text)}${isLong ? '…' : ''}"`
  return isLong ? `${said} (${text.length} characters)` : said
}

/** One line of a process's output is not longer, whatever made it. */
const LONGEST_LINE = 2000

/** Visible, on one line, and without its middle where it is too long for anybody to read. */
export const briefly = (text: string): string => {
  if (text.length <= LONGEST_LINE) return oneLine(text)
  const half = LONGEST_LINE / 2
  return `${oneLine(text.slice(0, half))} … (${text.length} characters) … ${oneLine(text.slice(-half))}`
}
