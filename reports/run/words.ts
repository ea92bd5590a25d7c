/** Numbers and durations in words, and text without colours. */
import { stripVTControlCharacters } from 'node:util'

/** Text without the colours that an assertion puts into its diff. */
export const plain = (text: string): string => stripVTControlCharacters(text)

/** Sorts names by the numbers in them: 6.2 before 6.12. */
export const byNumbers = new Intl.Collator('en', { numeric: true }).compare

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
