/**
 * Writes fixtures/citations.lock.json from the documentation of each recorded kernel branch:
 *
 *     apt-get download linux-doc-6.12 && dpkg-deb -x linux-doc-6.12_*.deb doc-6.12
 *     node --import ./harness/typescript.js harness/studies/citations/write-lock.ts 5.10=doc-5.10 6.1=doc-6.1 6.12=doc-6.12 7.2=doc-7.2
 *
 * A folder is where such a package was unpacked, or a kernel tree. Says which passages changed, with the new
 * words, and which are missing; a hash alone tells nobody what changed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../../process/user-error.ts'
import { measured } from '../../model/release.ts'
import type { Release } from '../../model/release.ts'
import { cited, faults, type Lock } from './list.ts'
import { hashOf, paragraphOf, type Docs } from './passage.ts'

const LOCK = new URL('../../../fixtures/citations.lock.json', import.meta.url)

const versionIn = (changelog: string): string =>
  (existsSync(changelog) && /\(([^)]+)\)/.exec(gunzipSync(readFileSync(changelog)).toString())?.[1])
  || 'of unknown version'

/**
 * The documentation below `folder`, and the name of the release it belongs to. Throws a UserError where there is
 * none.
 */
const open = (folder: string): { docs: Docs; name: string } => {
  const packages = join(folder, 'usr/share/doc')
  const found = existsSync(packages) ? readdirSync(packages).find((n) => n.startsWith('linux-doc-')) : undefined
  const below = found === undefined ? folder : join(packages, found)
  const top = join(below, 'Documentation/virt/kvm')
  if (!existsSync(top)) throw new UserError(`${folder}: has no Documentation/virt/kvm`)
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

const write = (args: readonly string[]): void => {
  const folders = new Map(args.map((arg) => arg.split('=') as [Release, string]))
  for (const branch of measured)
    if (!folders.get(branch)) throw new UserError(`say where the documentation of ${branch} is: ${branch}=FOLDER`)
  const before: Lock = existsSync(LOCK) ? JSON.parse(readFileSync(LOCK, 'utf8')) : { documents: {}, passages: {} }
  const all = cited()
  const lock: Lock = { documents: {}, passages: {} }
  const opened = measured.map((branch) => ({ branch, ...open(folders.get(branch)!) }))
  for (const { branch, name } of opened) lock.documents[branch] = name
  for (const at of [...new Set(all.map((c) => c.at))].sort()) {
    for (const { branch, docs } of opened) {
      const paragraph = paragraphOf(docs, at)
      if (paragraph === undefined) continue
      const hash = hashOf(paragraph)
      const known = before.passages[at]?.[branch]
      if (known !== undefined && known !== hash)
        process.stdout.write(`${branch} now says, at "${at}":\n  ${paragraph}\n`)
      ;(lock.passages[at] ??= {})[branch] = hash
    }
  }
  writeFileSync(LOCK, `${JSON.stringify(lock, null, 1)}\n`)
  const missing = faults(all, lock)
  process.stdout.write([`${Object.keys(lock.passages).length} passages`, ...missing, ''].join('\n'))
  process.exitCode = missing.length > 0 ? 1 : 0
}

try {
  write(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 2
}
