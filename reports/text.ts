/** Text of unknown origin, made fit to be printed. */
import { stripVTControlCharacters } from 'node:util'

const escaped = (c: string): string => {
  const code = c.charCodeAt(0).toString(16)
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
}

/** Control characters as `\x1b`, since terminals obey them and XML forbids them; tabs and newlines stay. */
export const visible = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
  .replace(/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\ufffe\uffff]/gu, escaped)

/** Visible, and on one line. */
export const oneLine = (text: string): string => visible(text).replace(/\s*[\n\t]\s*/g, ' ').trim()

/** Visible, as lines; one that came as several is several. */
export const lines = (texts: readonly string[]): string[] => texts.flatMap((text) => visible(text).split('\n'))

/** Text without the colours that an assertion puts into its diff. */
export const plain = (text: string): string => stripVTControlCharacters(text)

/** `1,234,567` */
export const grouped = (n: number): string => n.toLocaleString('en-US')

/** `0.3 s`, `12 s`, `3 min 5 s` */
export const duration = (ms: number): string => {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const s = Math.round(ms / 1000)
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`
}

/** `1 call`, `2 calls`, `1 law`, `no laws` */
export const many = (n: number, what: string): string => `${n === 0 ? 'no' : grouped(n)} ${what}${n === 1 ? '' : 's'}`
