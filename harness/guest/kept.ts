/** What is in the cache: folders, each with a manifest of the sums of its files, which are checked at each use. */
import { existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../process/make-folder.js'
import * as z from 'zod'
import { cachePath, sha256 } from './cache.ts'
import { withDraft } from './lock.ts'
import { type Program, needProgram } from '../process/programs.ts'

/** The file of a folder that says what the folder holds, and what it has of that in any case. */
export const MANIFEST = 'manifest.json'
export const Sums = z.object({ files: z.array(z.object({ name: z.string(), sha256: z.string() })).min(1) })

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== MANIFEST && lstatSync(join(folder, name)).isFile())
    .toSorted()

/** Says in the manifest what a folder holds, with `about`. The order of the files is that of `names`. */
export const seal = (folder: string, about: object = {}, names: readonly string[] = filesIn(folder)): void => {
  const files = names.map((name) => ({ name, sha256: sha256(readFileSync(join(folder, name))) }))
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify({ ...about, files }, undefined, 2)}\n`)
}

/** What happened to a folder since it was sealed, in words; undefined where it is as it was. */
export const damage = (folder: string): string | undefined => {
  try {
    const { files } = Sums.parse(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')))
    for (const { name, sha256: sum } of files) {
      if (!existsSync(join(folder, name))) return `${name} is missing`
      if (sha256(readFileSync(join(folder, name))) !== sum) return `${name} is not what was written there`
    }
    const known = new Set(files.map(({ name }) => name))
    const added = filesIn(folder).find((name) => !known.has(name))
    return added === undefined ? undefined : `${added} was added`
  } catch {
    return `its ${MANIFEST} cannot be read`
  }
}

/** Says on stderr that a folder is damaged. */
export const tellDamage = (folder: string, harm: string): void => {
  process.stderr.write(`the cache is damaged: ${folder}: ${harm}; it is made anew\n`)
}

/** Moves a sealed folder to its place, instead of a damaged one. */
export const install = (folder: string, home: string): void => {
  makeFolder(dirname(home), 0o700)
  rmSync(home, { recursive: true, force: true })
  renameSync(folder, home)
}

interface Filling {
  /** The programs that it takes, and what for: the words after "is needed to". */
  needs: readonly Program[]
  purpose: string
  /** Writes the files into a folder. */
  fill: (draft: string) => void | Promise<void>
}

/**
 * The folder `name` of a part of the cache. It is filled where it is missing, and again, with a line on stderr, where a
 * file in it is not what was written. Throws a UserError where a program is missing or the cache cannot be written.
 */
export const kept = async (part: string, name: string, { needs, purpose, fill }: Filling): Promise<string> => {
  const home = cachePath(part, name)
  const harmed = () => (existsSync(home) ? damage(home) : 'missing')
  if (harmed() === undefined) return home
  for (const program of needs) needProgram(program, purpose)
  return withDraft(part, async (draft) => {
    const harm = harmed()
    // Another process may have filled it meanwhile.
    if (harm === undefined) return home
    if (existsSync(home)) tellDamage(home, harm)
    await fill(draft)
    seal(draft)
    install(draft, home)
    return home
  })
}

/** The path of a file in the cache that holds these bytes, under `name`. */
export const keptBytes = async (part: string, name: string, bytes: Uint8Array): Promise<string> => {
  const fill = (draft: string) => writeFileSync(join(draft, name), bytes)
  return join(await kept(part, sha256(bytes), { needs: [], purpose: '', fill }), name)
}
