/** The kernel log: records of /dev/kmsg, and the lines they become. */

/** Bytes of the longest record. */
export const LOG_RECORD = 8192
const MAX_LINES = 256

/** What is not printable ASCII, and what separates words, percent-encoded; `text` has a character for each byte. */
export const encode = (text: string): string => text.replace(/[^!-$&-~]/g, (c) =>
  `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** PRIORITY,SEQUENCE,TIME,FLAGS;TEXT and a newline, then lines of details. */
const fields = /^(\d+),[^;]*;([^\n]*)\n/

/** The `log` lines of records that `next` gives until there is none; a list may have so many, the rest is counted. */
export const logLines = (id: string, next: () => string | undefined): string[] => {
  const lines: string[] = []
  let more = 0
  for (let record = next(); record !== undefined; record = next()) {
    const [, priority, text] = fields.exec(record) ?? []
    if (priority === undefined) continue
    if (lines.length < MAX_LINES) lines.push(`log ${id} ${priority},${encode(text!)}`)
    else more++
  }
  if (more) lines.push(`log ${id} 6,${more}%20more%20lines`)
  return lines
}
