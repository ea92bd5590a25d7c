/** The kernel log: records of /dev/kmsg, and the lines they become. */
import { writeFileSync } from 'node:fs'

/** Bytes of the longest record. */
export const LOG_RECORD = 8192
const MAX_LINES = 256

/** What is not printable ASCII, and what separates words, percent-encoded; `text` has a character for each byte. */
export const encode = (text: string): string =>
  text.replace(/[^!-$&-~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** PRIORITY,SEQUENCE,TIME,FLAGS;TEXT and a newline, then lines of details. */
const fields = /^(\d+),[^;]*;([^\n]*)\n/

// WARN_ONCE and its kind speak once per boot; the next list that brings one about shall see it too.
const rearmWarnings = (): void => {
  try {
    writeFileSync('/sys/kernel/debug/clear_warn_once', '1', { flag: 'r+' })
  } catch {
    // No debugfs, or not for this user.
  }
}

/** The `log` lines of records that `next` gives until there is none; a list may have so many, the rest is counted. */
export const logLines = (id: string, next: () => string | undefined): string[] => {
  const lines: string[] = []
  let more = 0
  let warned = false
  for (let record = next(); record !== undefined; record = next()) {
    const [, priority, text] = fields.exec(record) ?? []
    if (priority === undefined) continue
    warned ||= text!.includes('WARNING:')
    if (lines.length < MAX_LINES) lines.push(`log ${id} ${priority},${encode(text!)}`)
    else more++
  }
  if (more) lines.push(`log ${id} 6,${more}%20more%20lines`)
  if (warned) rearmWarnings()
  return lines
}
