// Real arm64 kernels: Debian's packages, fetched with apt into a cache of ours and reduced to what a guest needs.
import {
  existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { Complaint } from '../complaint.ts'
import { cachePath, sha256, withLock } from './cache.ts'
import { type Download, byVersion, download, isOf, isPoint } from './debian.ts'
import { needProgram, run } from './programs.ts'

/** A kernel on this machine's disk. */
export interface Kernel {
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
  'virtio', 'virtio_ring', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci', 'virtio_console',
]

const Manifest = z.object({
  release: z.string(), packageVersion: z.string(), package: z.string(), deb: z.string(),
  // A point release from beside the branch's own suite: who asks for the branch does not mean it.
  isAside: z.boolean().optional(),
  files: z.array(z.object({ name: z.string(), sha256: z.string() })).min(1),
})
type Manifest = z.infer<typeof Manifest>

const kernels = () => cachePath('kernels')

/** The cached kernel of that directory; undefined where a file is missing or was changed, or `wanted` does not mean it. */
const readCached = (directory: string, wanted: string): Kernel | undefined => {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')))
    if (manifest.isAside && !isPoint(wanted)) return undefined
    const paths = manifest.files.map(({ name }) => join(directory, name))
    if (manifest.files.some(({ sha256: sum }, index) => sha256(readFileSync(paths[index]!)) !== sum)) return undefined
    const [image, ...modules] = paths
    return { image: image!, modules, release: manifest.release, packageVersion: manifest.packageVersion }
  } catch {
    return undefined
  }
}

const findCached = (wanted: string): Kernel | undefined => {
  const versions = existsSync(kernels()) ? readdirSync(kernels()).filter(isOf(wanted)).toSorted(byVersion) : []
  for (const version of versions.toReversed()) {
    const kernel = readCached(join(kernels(), version), wanted)
    if (kernel) return kernel
  }
  return undefined
}

/** Unpacks what a guest needs of the .deb into `into`, and describes it in manifest.json. */
const unpack = async ({ deb, found: { name, version }, isAside }: Download, into: string): Promise<void> => {
  const root = join(into, 'root')
  await run('dpkg-deb', ['-x', deb, root])
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const image = files.find(file => /^boot\/vmlinuz-|\/modules\/[^/]+\/vmlinuz$/.test(file))
  if (!image) throw new Complaint(`${name} ${version} holds no kernel image`)
  const release = /vmlinuz-(.*)$|modules\/([^/]+)\/vmlinuz$/.exec(image)!.slice(1).find(Boolean)!
  const found: { name: string, data: Uint8Array }[] = [{ name: 'Image', data: readFileSync(join(root, image)) }]
  for (const module of wantedModules) {
    const path = files.find(file => [`${module}.ko`, `${module}.ko.xz`].includes(basename(file)))
    if (!path) continue
    const data = path.endsWith('.xz') ? await run('xz', ['-dc', join(root, path)]) : readFileSync(join(root, path))
    found.push({ name: `${module}.ko`, data })
  }
  rmSync(root, { recursive: true })
  for (const file of found) writeFileSync(join(into, file.name), file.data)
  const manifest: Manifest = {
    release, packageVersion: version, package: name, deb: sha256(readFileSync(deb)), ...isAside && { isAside },
    files: found.map(file => ({ name: file.name, sha256: sha256(file.data) })),
  }
  writeFileSync(join(into, 'manifest.json'), JSON.stringify(manifest, undefined, 2) + '\n')
}

const fetch = async (wanted: string): Promise<Kernel> => {
  const draft = mkdtempSync(cachePath('draft-'))
  try {
    const downloaded = await download(wanted, draft)
    const into = join(draft, 'kernel')
    mkdirSync(into)
    await unpack(downloaded, into)
    const home = join(kernels(), downloaded.found.version)
    mkdirSync(kernels(), { recursive: true })
    // What stands there was found damaged.
    rmSync(home, { recursive: true, force: true })
    renameSync(into, home)
    return readCached(home, wanted)!
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * The kernel of a Debian release: a branch (6.12) or a point release (6.12.94). Taken from the cache where it is there
 * whole, else fetched; apt checks the signature and the sum. Throws a Complaint where it cannot be had.
 */
export const fetchKernel = async (release: string): Promise<Kernel> => {
  const cached = findCached(release)
  if (cached) return cached
  needProgram('flock', 'fetch a kernel')
  return withLock('kernels', async () => findCached(release) ?? await fetch(release))
}

