/** Where in the source a rule stands, for people who want to read it or mend it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../process/root.ts'

/** The folders whose files declare ioctls, and the file of the rules that come before those of every ioctl. */
const DECLARE = ['harness/abi/ioctls', 'harness/dialects']
const EVERY_CALL = 'harness/abi/every-call.ts'

const sources = new Map<string, string>()

/** The text of a file of this project; empty where there is no such file. */
const sourceOf = (file: string): string => {
  let text = sources.get(file)
  if (text === undefined) {
    try {
      text = readFileSync(join(root, file), 'utf8')
    } catch {
      text = ''
    }
    sources.set(file, text)
  }
  return text
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => join(folder, name))

const declaring = new Map<string, string | undefined>()

/** The file that declares the ioctl. */
const fileOf = (ioctl: string): string | undefined => {
  if (!declaring.has(ioctl)) {
    const files = DECLARE.flatMap(filesBelow)
    const ownCall = new RegExp(String.raw`\bioctl(<\w+>)?\(\s*'${ioctl}'`)
    // Several that are alike are declared through a function of their file.
    const anyCall = new RegExp(String.raw`\w(<\w+>)?\(\s*'${ioctl}'`)
    const declares = (call: RegExp) => files.find((file) => call.test(sourceOf(file)))
    declaring.set(ioctl, declares(ownCall) ?? declares(anyCall))
  }
  return declaring.get(ioctl)
}

/** The files of the table that a file imports, in their order. */
const importsOf = (file: string): string[] =>
  [...sourceOf(file).matchAll(/\bfrom '(\.[^']+)'/g)]
    .map(([, path]) => join(dirname(file), path!))
    .filter((path) => /^harness\/(abi|dialects|model)\//.test(path))

/** A sentence as a source has it: in quotes, on one line or on several that are joined. */
const inSource = (sentence: string): RegExp => {
  const literally = sentence.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const orJoined = literally.replaceAll(' ', String.raw` (?:'\s*\+ ')?`)
  return new RegExp(`(['"\`])${orJoined}\\1`)
}

const lineOf = (file: string, at: number): string => `${file}:${sourceOf(file).slice(0, at).split('\n').length}`

/** `FILE:LINE` of the first place in the file that has the text. */
const lineWith = (file: string, text: string): string | undefined => {
  const at = sourceOf(file).indexOf(text)
  return at < 0 ? undefined : lineOf(file, at)
}

/** The same of the row of that `why` whose sentence follows before the next row. */
const lineOfRow = (file: string, row: string, sentence: RegExp): string | undefined => {
  const [before = '', ...others] = sourceOf(file).split(row)
  let at = before.length
  for (const other of others) {
    if (sentence.test(other.split(/\bwhy: /, 1)[0]!)) return lineOf(file, at)
    at += row.length + other.length
  }
  return undefined
}

/** The same of the sentence itself, of a row that has all else from another one. */
const lineOfSentence = (file: string, sentence: RegExp): string | undefined => {
  const at = sourceOf(file).search(sentence)
  return at < 0 ? undefined : lineOf(file, at)
}

/**
 * The file and all that it imports of the table, those nearest first, and what stands before the rows of every ioctl.
 */
const filesFrom = (own: string): string[] => {
  const files = [own]
  for (const file of files)
    for (const one of [...importsOf(file), ...(file === own ? [EVERY_CALL] : [])])
      if (!files.includes(one)) files.push(one)
  return files
}

/**
 * File and line of the row of `ioctl` that refuses for the reason `why` and `says` so, such as
 * `harness/abi/ioctls/run.ts:62`. Rows that several ioctls share stand in a file which that of the ioctl imports. Where
 * no file has that sentence, it is the first row of that `why`; without a rule, or where no file has these words, the
 * line in which the ioctl is declared; undefined for an ioctl that no file declares.
 */
export const rulePlace = (ioctl: string, rule?: { why: string; says: string }): string | undefined => {
  const own = fileOf(ioctl)
  if (own === undefined) return undefined
  if (rule) {
    const row = rule.why.includes("'") ? `why: "${rule.why}"` : `why: '${rule.why}'`
    const sentence = inSource(rule.says)
    const ways = [
      (file: string) => lineOfRow(file, row, sentence),
      (file: string) => lineOfSentence(file, sentence),
      (file: string) => lineWith(file, row),
    ]
    const files = filesFrom(own)
    for (const way of ways)
      for (const file of files) {
        const place = way(file)
        if (place !== undefined) return place
      }
  }
  return lineWith(own, `'${ioctl}'`)
}

/** The same for an allowed answer in the words of a report: `-EPERM (too early): A vcpu … [api.rst 4.10]`, or `ok`. */
export const placeOfAllowed = (ioctl: string, allowed: string): string | undefined => {
  const [, why, says] = /^-\w+ \((.+?)\): (.*) \[/.exec(allowed) ?? []
  return rulePlace(ioctl, why === undefined ? undefined : { why, says: says! })
}
