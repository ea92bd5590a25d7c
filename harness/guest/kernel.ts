/** Real arm64 kernels: Debian's packages, fetched with apt into a cache of ours and reduced to what a guest needs. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { UserError } from '../process/user-error.ts'
import { cachePath, sha256 } from './cache.ts'
import { type Download, byVersion, download, isOf, isPoint } from './debian.ts'
import { MANIFEST, Sums, damage, seal, install, tellDamage } from './kept.ts'
import { withDraft } from './lock.ts'
import { run } from '../process/programs.ts'

/** A kernel on this machine's disk. */
export interface KernelImage {
  /** Path of the Image. */
  image: string
  /** Paths of the modules that reach the agent's virtio port, in the order of loading. */
  modules: string[]
  /** uname -r. */
  release: string
  /** Debian's version, e.g. 6.12.107-1. */
  packageVersion: string
}

// In the order of loading; a kernel has those as modules that it has not built in.
const wantedModules = [
  'virtio',
  'virtio_ring',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_console',
]

const Manifest = Sums.extend({
  release: z.string(),
  packageVersion: z.string(),
  package: z.string(),
  deb: z.string(),
  // A point release from beside the branch's own suite: who asks for the branch does not mean it.
  isAside: z.boolean().optional(),
})
type Manifest = z.infer<typeof Manifest>

const kernels = () => cachePath('kernels')

const readManifest = (home: string): Manifest | undefined => {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(home, MANIFEST), 'utf8')))
  } catch {
    return undefined
  }
}

/** The kernel of a folder of the cache, which is whole. */
const kernelIn = (home: string): KernelImage => {
  const { release, packageVersion, files } = readManifest(home)!
  const [image, ...modules] = files.map(({ name }) => join(home, name))
  return { image: image!, modules, release, packageVersion }
}

/** The newest kernel of the cache that `wanted` means: its folder, and what happened to it since it was fetched. */
const findCached = (wanted: string): { home: string; harm: string | undefined } | undefined => {
  const versions = existsSync(kernels()) ? readdirSync(kernels()).filter(isOf(wanted)).toSorted(byVersion) : []
  const home = versions
    .toReversed()
    .map((version) => join(kernels(), version))
    .find((folder) => isPoint(wanted) || !readManifest(folder)?.isAside)
  return home === undefined ? undefined : { home, harm: damage(home) }
}

/** Unpacks what a guest needs of the .deb into `into`, and describes it in its manifest. */
const unpack = async ({ deb, found: { name, version }, isAside }: Download, into: string): Promise<void> => {
  const root = join(into, 'root')
  await run('dpkg-deb', ['-x', deb, root]).catch((error: Error) => {
    throw new UserError(`${name} ${version} cannot be unpacked: ${error.message}`)
  })
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const image = files.find((file) => /^boot\/vmlinuz-|\/modules\/[^/]+\/vmlinuz$/.test(file))
  if (!image) throw new UserError(`${name} ${version} holds no kernel image`)
  const release = /vmlinuz-(.*)$|modules\/([^/]+)\/vmlinuz$/.exec(image)!.slice(1).find(Boolean)!
  const found: { name: string; data: Uint8Array }[] = [{ name: 'Image', data: readFileSync(join(root, image)) }]
  for (const module of wantedModules) {
    const path = files.find((file) => [`${module}.ko`, `${module}.ko.xz`].includes(basename(file)))
    if (!path) continue
    const data = path.endsWith('.xz') ? await run('xz', ['-dc', join(root, path)]) : readFileSync(join(root, path))
    found.push({ name: `${module}.ko`, data })
  }
  rmSync(root, { recursive: true })
  for (const file of found) writeFileSync(join(into, file.name), file.data)
  const about: Omit<Manifest, 'files'> = {
    release,
    packageVersion: version,
    package: name,
    deb: sha256(readFileSync(deb)),
    ...(isAside && { isAside }),
  }
  seal(
    into,
    about,
    found.map((file) => file.name),
  )
}

/**
 * The kernel of a Debian release: a branch (6.12) or a point release (6.12.94). Taken from the cache where it is there
 * whole, else fetched; apt checks the signature and the sum. Throws a UserError where it cannot be had.
 */
export const fetchKernel = async (release: string): Promise<KernelImage> => {
  const cached = findCached(release)
  if (cached && cached.harm === undefined) return kernelIn(cached.home)
  return withDraft('kernels', async (draft) => {
    const found = findCached(release)
    if (found && found.harm === undefined) return kernelIn(found.home)
    if (found) tellDamage(found.home, found.harm!)
    const downloaded = await download(release, draft)
    const into = join(draft, 'kernel')
    mkdirSync(into, { mode: 0o700 })
    await unpack(downloaded, into)
    const home = join(kernels(), downloaded.found.version)
    install(into, home)
    return kernelIn(home)
  })
}
