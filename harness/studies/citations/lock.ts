/** fixtures/citations.lock.json, made from the documentation of each recorded kernel branch. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { writeWhole } from '../../process/files.ts'
import { UserError } from '../../process/user-error.ts'
import { root } from '../../process/root.ts'
import { measured, type Release } from '../../model/release.ts'
import { cited, faults, type Lock } from './list.ts'
import { hashOf, paragraphOf, type Docs } from './passage.ts'

const LOCK = join(root, 'fixtures/citations.lock.json')

const versionIn = (changelog: string): string =>
  (existsSync(changelog) && /\(([^)]+)\)/.exec(gunzipSync(readFileSync(changelog)).toString())?.[1])
  || 'of unknown version'

/** The documentation below `folder`, and what it is of. Throws a UserError where there is none. */
const open = (folder: string): { docs: Docs; name: string } => {
  const packages = join(folder, 'usr/share/doc')
  const found = existsSync(packages) ? readdirSync(packages).find((n) => n.startsWith('linux-doc-')) : undefined
  const below = found === undefined ? folder : join(packages, found)
  const top = join(below, 'Documentation/virt/kvm')
  if (!existsSync(top))
    throw new UserError(`${folder}: there is no Documentation/virt/kvm in it; citations --help says where to get one`)
  return {
    name: found === undefined ? 'a kernel tree' : `${found} ${versionIn(join(below, 'changelog.Debian.gz'))}`,
    docs(file) {
      const path = join(top, file)
      return existsSync(path)
        ? readFileSync(path, 'utf8')
        : existsSync(`${path}.gz`)
          ? gunzipSync(readFileSync(`${path}.gz`)).toString()
          : undefined
    },
  }
}

/**
 * What came of it: how many passages there are, those whose words changed, and what no documentation has, a line each.
 */
export interface Relocked {
  passages: number
  changed: string[]
  missing: string[]
}

/**
 * Writes the lock anew. `folders`: where the documentation of each recorded branch is; throws a UserError for one
 * without.
 */
export const writeLock = (folders: ReadonlyMap<Release, string>): Relocked => {
  const before: Lock = existsSync(LOCK) ? JSON.parse(readFileSync(LOCK, 'utf8')) : { documents: {}, passages: {} }
  const all = cited()
  const lock: Lock = { documents: {}, passages: {} }
  const opened = measured.map((branch) => ({ branch, ...open(folders.get(branch)!) }))
  const changed: string[] = []
  for (const { branch, name } of opened) lock.documents[branch] = name
  for (const at of [...new Set(all.map((c) => c.at))].sort()) {
    for (const { branch, docs } of opened) {
      const paragraph = paragraphOf(docs, at)
      if (paragraph === undefined) continue
      const hash = hashOf(paragraph)
      const known = before.passages[at]?.[branch]
      // A hash alone tells nobody what changed.
      if (known !== undefined && known !== hash) changed.push(`${branch} now says, at "${at}":\n  ${paragraph}`)
      ;(lock.passages[at] ??= {})[branch] = hash
    }
  }
  writeWhole(LOCK, `${JSON.stringify(lock, null, 1)}\n`)
  return { passages: Object.keys(lock.passages).length, changed, missing: faults(all, lock) }
}
