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

/** `FILE:LINE` of the first place in the file that has the text. */
const lineWith = (file: string, text: string): string | undefined => {
  const at = sourceOf(file).indexOf(text)
  return at < 0 ? undefined : `${file}:${sourceOf(file).slice(0, at).split('\n').length}`
}

/**
 * File and line of the row of `ioctl` that refuses for the reason `why`, such as `harness/abi/ioctls/run.ts:62`. Rows
 * that several ioctls share stand in a file which that of the ioctl imports. Without `why`, or where no file has these
 * words, it is the line in which the ioctl is declared; undefined for an ioctl that no file declares.
 */
export const rulePlace = (ioctl: string, why?: string): string | undefined => {
  const own = fileOf(ioctl)
  if (own === undefined) return undefined
  if (why !== undefined) {
    const quoted = why.includes("'") ? `why: "${why}"` : `why: '${why}'`
    const files = [own]
    for (const file of files) {
      const place = lineWith(file, quoted)
      if (place !== undefined) return place
      const next = [...importsOf(file), ...(file === own ? [EVERY_CALL] : [])]
      for (const one of next) if (!files.includes(one)) files.push(one)
    }
  }
  return lineWith(own, `'${ioctl}'`)
}

/** The same for an allowed answer in the words of a report: `-EPERM (too early): A vcpu … [api.rst 4.10]`, or `ok`. */
export const placeOfAllowed = (ioctl: string, allowed: string): string | undefined =>
  rulePlace(ioctl, /^-\w+ \((.+?)\): /.exec(allowed)?.[1])
