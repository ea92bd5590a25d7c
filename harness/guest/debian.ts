/** Debian's kernels through apt, with an index of our own that leaves the machine's alone. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../process/make-folder.js'
import { branchOf } from '../model/release.ts'
import { UserError } from '../process/user-error.ts'
import { cachePath } from './cache.ts'
import { needProgram, run } from '../process/programs.ts'

/**
 * Where a branch is looked for, the suite that stands for it first: point releases that a suite has no longer, or not
 * yet, are in what was published beside it.
 */
const archives: Record<string, readonly string[]> = {
  '5.10': ['bullseye'],
  '6.1': ['bookworm', 'bookworm-security'],
  '6.12': ['trixie', 'trixie-security', 'bookworm-backports'],
}
const elsewhere: readonly string[] = ['sid', 'trixie-backports']

const archivesOf = (wanted: string): readonly string[] => archives[branchOf(wanted)] ?? elsewhere

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

const aptOptions = (suite: string): string[] => {
  const home = cachePath('apt', suite)
  makeFolder(join(home, 'state', 'lists', 'partial'), 0o700)
  makeFolder(join(home, 'cache', 'archives', 'partial'), 0o700)
  const archive = `http://deb.debian.org/${suite.endsWith('-security') ? 'debian-security' : 'debian'}`
  writeFileSync(join(home, 'sources.list'), `deb [signed-by=${keyring} arch=arm64] ${archive} ${suite} main\n`)
  return Object.entries({
    'Dir::State': join(home, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(home, 'cache'),
    'Dir::Etc::sourcelist': join(home, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Architecture': 'arm64',
    'APT::Architectures': 'arm64',
    'Acquire::Languages': 'none',
    // Root's apt would fetch as a user who cannot write to a home directory.
    'APT::Sandbox::User': '',
  })
    .flatMap(([key, value]) => ['-o', `${key}=${value}`])
    .concat('-q')
}

/** A package as the index of a suite describes it. */
export interface Package {
  name: string
  version: string
  bytes: number
}

const readPackages = (text: string): Package[] =>
  text.split(/\n\n+/).flatMap((stanza) => {
    const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
    return field('Package') ? [{ name: field('Package'), version: field('Version'), bytes: Number(field('Size')) }] : []
  })

/** The packages with an Image: linux-binary-* where Debian has split the image from the modules, else linux-image-*. */
const listPackages = async (options: string[]): Promise<Package[]> => {
  const names = String(await run('apt-cache', [...options, 'pkgnames', 'linux-'])).split('\n')
  const plain = /^linux-(image|binary)-(\d[\w.+]*(?:-\d+)?)-arm64$/
  const split = new Set(names.flatMap((name) => /^linux-binary-(\d.*)$/.exec(name)?.[1] ?? []))
  const isSplit = (name: string) => name.startsWith('linux-image-') && split.has(name.slice('linux-image-'.length))
  const chosen = names.filter((name) => plain.test(name) && !isSplit(name))
  return chosen.length === 0 ? [] : readPackages(String(await run('apt-cache', [...options, 'show', ...chosen])))
}

/** Orders versions such as 6.12.94-1 and 6.12.107-1. */
export const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** Whether a version is of the wanted branch (6.12) or point release (6.12.94). */
export const isOf =
  (wanted: string) =>
  (version: string): boolean =>
    version === wanted || version.startsWith(`${wanted}-`) || version.startsWith(`${wanted}.`)

/** Whether a release is one point release of its branch. */
export const isPoint = (wanted: string): boolean => wanted.split('.').length > 2

/** What `wanted` names, and where it was found. */
export interface Download {
  /** Path of the .deb. */
  deb: string
  found: Package
  /** It is a point release that was asked for by name, and its branch's own suite does not have it. */
  isAside: boolean
}

/**
 * What has apt ask the index of a suite, which is looked up anew. Throws a UserError where apt or the network is
 * missing; `instead` says what to do then.
 */
const openSuite = async (suite: string, purpose: string, instead = ''): Promise<string[]> => {
  for (const program of ['apt-get', 'apt-cache', 'dpkg-deb', 'xz'] as const) needProgram(program, purpose)
  if (!existsSync(keyring))
    throw new UserError(`${keyring} is needed to ${purpose}; on Debian: apt install debian-archive-keyring`)
  const options = aptOptions(suite)
  // Without Error-Mode, apt-get update takes a missing network for a warning.
  await run('apt-get', [...options, '-o', 'APT::Update::Error-Mode=any', 'update']).catch((error: Error) => {
    throw new UserError(`cannot ${purpose} from deb.debian.org (${error.message})${instead}`)
  })
  return options
}

/** Downloads a package, of that version or the newest, into a directory: the path of the .deb. */
const fetchDeb = async (options: string[], name: string, suite: string, into: string): Promise<string> => {
  await run('apt-get', [...options, 'download', name], into).catch((error: Error) => {
    throw new UserError(`cannot fetch ${name.replace(/=.*/, '')} from Debian ${suite}: ${error.message}`)
  })
  return join(
    into,
    readdirSync(into).find((file) => file.endsWith('.deb'))!,
  )
}

/**
 * Downloads a package of a suite by its name, for arm64 or for every architecture, into a directory, and gives the path
 * of the .deb; apt checks signature and sum. Throws a UserError where it cannot be had.
 */
export const downloadPackage = async (name: string, suite: string, into: string): Promise<string> =>
  fetchDeb(await openSuite(suite, `fetch ${name} of Debian ${suite}`), name, suite, into)

/**
 * Downloads the newest package with an Image of the wanted branch or point release into a directory, from the first
 * archive that has one; apt checks signature and sum. Throws a UserError where apt, the network or the release is
 * missing.
 */
export const download = async (wanted: string, into: string): Promise<Download> => {
  const there: string[] = []
  for (const [place, suite] of archivesOf(wanted).entries()) {
    const purpose = `fetch the kernel of Debian ${suite}`
    const options = await openSuite(suite, purpose, '; give the path of an Image instead: qemu:path/to/Image')
    const all = (await listPackages(options)).toSorted((a, b) => byVersion(a.version, b.version))
    const found = all.findLast(({ version }) => isOf(wanted)(version))
    there.push(
      `${suite} has ${[...new Set(all.map(({ version }) => version.replace(/-.*/, '')))].join(', ') || 'none'}`,
    )
    if (!found) continue
    process.stderr.write(`fetching ${found.name} (${Math.ceil(found.bytes / 1e6)} MB) from Debian ${suite}\n`)
    const deb = await fetchDeb(options, `${found.name}=${found.version}`, suite, into)
    return { deb, found, isAside: place > 0 && isPoint(wanted) }
  }
  throw new UserError(
    `Debian has no kernel ${wanted}: ${there.join('; ')}; other suites have ${Object.keys(archives).join(', ')}`,
  )
}
