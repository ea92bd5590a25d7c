// Real arm64 kernels: Debian's packages, fetched with apt into a cache of ours and reduced to what a guest needs.
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { Complaint } from '../complaint.ts'
import { cachePath, sha256, withLock } from './cache.ts'
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

/** Which Debian suite carries a release; every other release is looked for in sid. */
const suites: Record<string, string> = { '5.10': 'bullseye', '6.1': 'bookworm', '6.12': 'trixie' }

// In the order of loading; a kernel has those as modules that it has not built in.
const wantedModules = [
  'virtio', 'virtio_ring', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci', 'virtio_console',
]

const Manifest = z.object({
  release: z.string(), packageVersion: z.string(), package: z.string(), deb: z.string(),
  files: z.array(z.object({ name: z.string(), sha256: z.string() })).min(1),
})
type Manifest = z.infer<typeof Manifest>

const matches = (wanted: string) => (version: string) =>
  version === wanted || version.startsWith(`${wanted}-`) || version.startsWith(`${wanted}.`)

const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

const kernels = () => cachePath('kernels')

/** The cached kernel of that directory, or undefined where a file is missing or was changed. */
const readCached = (directory: string): Kernel | undefined => {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')))
    const paths = manifest.files.map(({ name }) => join(directory, name))
    if (manifest.files.some(({ sha256: sum }, index) => sha256(readFileSync(paths[index]!)) !== sum)) return undefined
    const [image, ...modules] = paths
    return { image: image!, modules, release: manifest.release, packageVersion: manifest.packageVersion }
  } catch {
    return undefined
  }
}

const findCached = (wanted: string): Kernel | undefined => {
  const versions = existsSync(kernels()) ? readdirSync(kernels()).filter(matches(wanted)).toSorted(byVersion) : []
  for (const version of versions.toReversed()) {
    const kernel = readCached(join(kernels(), version))
    if (kernel) return kernel
  }
  return undefined
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

const aptOptions = (suite: string): string[] => {
  const home = cachePath('apt', suite)
  mkdirSync(join(home, 'state', 'lists', 'partial'), { recursive: true })
  mkdirSync(join(home, 'cache', 'archives', 'partial'), { recursive: true })
  writeFileSync(join(home, 'sources.list'),
    `deb [signed-by=${keyring} arch=arm64] http://deb.debian.org/debian ${suite} main\n`)
  return Object.entries({
    'Dir::State': join(home, 'state'), 'Dir::State::status': '/dev/null', 'Dir::Cache': join(home, 'cache'),
    'Dir::Etc::sourcelist': join(home, 'sources.list'), 'Dir::Etc::sourceparts': '/dev/null',
    'APT::Architecture': 'arm64', 'APT::Architectures': 'arm64', 'Acquire::Languages': 'none',
    // Root's apt would fetch as a user who cannot write to a home directory.
    'APT::Sandbox::User': '',
  }).flatMap(([key, value]) => ['-o', `${key}=${value}`]).concat('-q')
}

interface Package { name: string, version: string, sha256: string, bytes: number }

const readPackages = (text: string): Package[] => text.split(/\n\n+/).flatMap(stanza => {
  const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
  return field('Package')
    ? [{ name: field('Package'), version: field('Version'), sha256: field('SHA256'), bytes: Number(field('Size')) }] : []
})

/** The packages of a suite that hold an Image: linux-binary-* since Debian split the image from the modules, else linux-image-*. */
const listPackages = async (options: string[]): Promise<Package[]> => {
  const names = String(await run('apt-cache', [...options, 'pkgnames', 'linux-'])).split('\n')
  const plain = /^linux-(image|binary)-(\d[\w.+]*(?:-\d+)?)-arm64$/
  const split = new Set(names.flatMap(name => /^linux-binary-(\d.*)$/.exec(name)?.[1] ?? []))
  const chosen = names.filter(name => plain.test(name) && !(name.startsWith('linux-image-') && split.has(name.slice(12))))
  return chosen.length === 0 ? [] : readPackages(String(await run('apt-cache', [...options, 'show', ...chosen])))
}

/** Unpacks what a guest needs of a .deb into `into`, and describes it in manifest.json. */
const unpack = async (deb: string, { name, version }: Package, into: string): Promise<void> => {
  const root = join(into, 'root')
  await run('dpkg-deb', ['-x', deb, root])
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const image = files.find(file => /^boot\/vmlinuz-|\/modules\/[^/]+\/vmlinuz$/.test(file))
  if (!image) throw new Complaint(`${name} ${version} holds no kernel image`)
  const release = /vmlinuz-(.*)$|modules\/([^/]+)\/vmlinuz$/.exec(image)!.slice(1).find(Boolean)!
  const found: { name: string, data: Uint8Array }[] = [{ name: 'Image', data: readFileSync(join(root, image)) }]
  for (const module of wantedModules) {
    const path = files.find(file => basename(file).replace(/\.ko(\.xz)?$/, '') === module && /\.ko(\.xz)?$/.test(file))
    if (!path) continue
    const data = path.endsWith('.xz') ? await run('xz', ['-dc', join(root, path)]) : readFileSync(join(root, path))
    found.push({ name: `${module}.ko`, data })
  }
  rmSync(root, { recursive: true })
  for (const file of found) writeFileSync(join(into, file.name), file.data)
  const manifest: Manifest = {
    release, packageVersion: version, package: name, deb: sha256(readFileSync(deb)),
    files: found.map(file => ({ name: file.name, sha256: sha256(file.data) })),
  }
  writeFileSync(join(into, 'manifest.json'), JSON.stringify(manifest, undefined, 2) + '\n')
}

const fetch = async (wanted: string): Promise<Kernel> => {
  const suite = suites[wanted.split('.').slice(0, 2).join('.')] ?? 'sid'
  const purpose = `fetch the kernel of Debian ${suite}`
  for (const program of ['apt-get', 'apt-cache', 'dpkg-deb', 'xz'] as const) needProgram(program, purpose)
  if (!existsSync(keyring))
    throw new Complaint(`${keyring} is needed to ${purpose}; on Debian: apt install debian-archive-keyring`)
  const options = aptOptions(suite)
  // Without Error-Mode, apt-get update takes a missing network for a warning.
  await run('apt-get', [...options, '-o', 'APT::Update::Error-Mode=any', 'update']).catch((error: Error) => {
    throw new Complaint(`cannot ${purpose} from deb.debian.org (${error.message}); ` +
      'give the path of an Image instead: qemu:path/to/Image')
  })
  const all = await listPackages(options)
  const found = all.filter(({ version }) => matches(wanted)(version)).toSorted((a, b) => byVersion(b.version, a.version))[0]
  if (!found) {
    const there = [...new Set(all.map(({ version }) => version.replace(/-.*/, '')))].toSorted(byVersion).join(', ')
    throw new Complaint(`Debian ${suite} has no kernel ${wanted}; it has ${there || 'none'}; ` +
      `other suites have ${Object.keys(suites).join(', ')}`)
  }
  process.stderr.write(`fetching ${found.name} (${Math.ceil(found.bytes / 1e6)} MB) from Debian ${suite}\n`)
  const draft = mkdtempSync(cachePath('draft-'))
  try {
    await run('apt-get', [...options, 'download', `${found.name}=${found.version}`], draft).catch((error: Error) => {
      throw new Complaint(`cannot fetch ${found.name} from Debian ${suite}: ${error.message}`)
    })
    const deb = join(draft, readdirSync(draft).find(name => name.endsWith('.deb'))!)
    const into = join(draft, 'kernel')
    mkdirSync(into)
    await unpack(deb, found, into)
    const home = join(kernels(), found.version)
    mkdirSync(kernels(), { recursive: true })
    // What stands there was found damaged.
    rmSync(home, { recursive: true, force: true })
    renameSync(into, home)
    return readCached(home)!
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

