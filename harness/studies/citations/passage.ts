/** Finding a cited passage in Documentation/virt/kvm: by section and words, however the text is broken into lines. */
import { createHash } from 'node:crypto'

/**
 * Documentation/virt/kvm of one release, by file name below that folder. Gives undefined where there is no such
 * file.
 */
export type Docs = (file: string) => string | undefined

/** Names that files had in older releases, the newest first. */
const formerly: Record<string, readonly string[]> = {
  'arm/fw-pseudo-registers.rst': ['arm/hypercalls.rst', 'arm/psci.rst'],
}

/** Words as they are compared: without markup, typographic quotes and the borders of tables. */
const plain = (text: string): string =>
  text
    .replace(/[‘’´]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[`*|]/g, '')
    .replace(/[=\-+~^#]{3,}/g, ' ')
    .replace(/::/g, ':')
    .replace(/\s+/g, ' ')
    .trim()

/** Paragraphs of a text, each as plain words. A row of a table of errnos is one, too. */
const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n|\n(?=[ \t]*\|?[ \t]*-?E[A-Z0-9]{3,}[ \t])/)
    .map(plain)
    .filter((p) => p !== '')

/** The text of one section of api.rst: from the heading with that number to the next. */
const sectionOf = (text: string, number: string): string | undefined => {
  const lines = text.split('\n')
  const isUnderlined = (i: number) => /^([=\-~])\1{2,}\s*$/.test(lines[i + 1] ?? '')
  const depth = number.split('.').length
  const headed = (i: number) => /^(\d+(?:\.\d+)*)\.? /.exec(lines[i]!)?.[1]
  const from = lines.findIndex((_, i) => headed(i) === number && isUnderlined(i))
  if (from < 0) return undefined
  const length = lines.slice(from + 1).findIndex((_, i) => {
    const other = headed(from + 1 + i)
    return other !== undefined && other.split('.').length <= depth && isUnderlined(from + 1 + i)
  })
  return lines.slice(from, length < 0 ? undefined : from + 1 + length).join('\n')
}

/** A citation `at` as file, section and words: `api.rst 4.82 ENOENT …`, `devices/vcpu.rst -EFAULT …`. */
const partsOf = (at: string): { file: string; section?: string; words: string } => {
  const [, file, rest = ''] = /^(\S+\.rst)\s*(.*)$/.exec(at)!
  const [, section, words] = file === 'api.rst' ? /^([\d.]+)\s*(.*)$/.exec(rest)! : [undefined, undefined, rest]
  return { file: file!, words: plain(words!), ...(section !== undefined && { section }) }
}

/**
 * The paragraph that a documented citation `at` means, in plain words; undefined where the text has none. A
 * citation without words, or with an errno alone, means the first that has it.
 */
export const paragraphOf = (docs: Docs, at: string): string | undefined => {
  const { file, section, words } = partsOf(at)
  const text = [file, ...(formerly[file] ?? [])].map(docs).find((t) => t !== undefined)
  const within = text !== undefined && section !== undefined ? sectionOf(text, section) : text
  if (within === undefined) return undefined
  const all = paragraphs(within)
  return all.find((p) => p.startsWith(words)) ?? all.find((p) => p.includes(words))
}

/** What stands for a paragraph in the lock file: it changes when a word does. */
export const hashOf = (paragraph: string): string => createHash('sha256').update(paragraph).digest('hex').slice(0, 12)
