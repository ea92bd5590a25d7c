// The root file system of a guest in which the whole project runs: Node, libraries, dependencies, and the project itself.
import { execFile } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { buildAgent } from '../agent/build.ts'
import { Complaint } from '../complaint.ts'
import { root } from '../suites.ts'
import { arm64Modules, arm64Node } from './arm64-node.ts'
import { cachePath, sha256, writeWhole } from './cache.ts'
import { type Entry, cpio } from './initramfs.ts'
import { needProgram, run } from './programs.ts'

const libraries = [
  'ld-linux-aarch64.so.1', 'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'libgcc_s.so.1', 'libstdc++.so.6',
]
/** What no program reads: types, maps, texts, and the objects that modules were linked from. */
const unread = /\.(d\.[cm]?ts|map|md|[ao])$|\/obj\.target\/|\/deps\/|^include\//

const file = (name: string, data: Uint8Array, mode = 0o644): Entry => ({ name, mode: 0o100000 | mode, data })
const folder = (name: string): Entry => ({ name, mode: 0o040755 })

/** The entries with all folders that they are in, before them. */
export const withFolders = (entries: readonly Entry[]): Entry[] => {
  const made = new Set<string>(['.'])
  const above = (name: string): Entry[] => {
    const parent = dirname(name)
    if (made.has(parent)) return []
    made.add(parent)
    return [...above(parent), folder(parent)]
  }
  return entries.flatMap((entry) => {
    const before = above(entry.name)
    made.add(entry.name)
    return [...before, entry]
  })
}

/** The files of a folder that a program may read, as files of `at`. */
const filesOf = (from: string, at: string): Entry[] => readdirSync(from, { recursive: true, encoding: 'utf8' }).toSorted()
  .filter((name) => !unread.test(name) && lstatSync(join(from, name)).isFile())
  .map((name) => file(`${at}/${name}`, readFileSync(join(from, name)), lstatSync(join(from, name)).mode & 0o777))

/** Where the cross compiler keeps a library. */
const library = async (name: string): Promise<Entry> => {
  const path = String(await run('aarch64-linux-gnu-g++', [`-print-file-name=${name}`])).trim()
  if (!existsSync(path))
    throw new Complaint(`${name} for arm64 is missing: apt install libc6-arm64-cross libstdc++6-arm64-cross`)
  return file(`lib/${name}`, readFileSync(realpathSync(path)), 0o755)
}

/** What rarely changes, packed once: the path of a compressed archive. */
const system = async (): Promise<string> => {
  needProgram('aarch64-linux-gnu-g++', 'build an arm64 system')
  const [node, modules, libs] = [await arm64Node(), await arm64Modules(), await Promise.all(libraries.map(library))]
  const sums = libs.map(({ data }) => sha256(data!))
  const key = sha256(Buffer.from([basename(node), basename(modules), ...sums].join('\n')))
  const path = cachePath('arm64', `system-${key.slice(0, 16)}.cpio.gz`)
  if (!existsSync(path)) writeWhole(path, gzipSync(cpio(withFolders([
    folder('dev'), { name: 'dev/console', mode: 0o020600, device: [5, 1] }, ...libs,
    file('usr/bin/node', readFileSync(join(node, 'bin', 'node')), 0o755),
    file('etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\n')), file('etc/group', Buffer.from('root:x:0:\n')),
    folder('root'), ...filesOf(join(modules, 'node_modules'), 'project/node_modules'),
  ])), { level: 6 }))
  return path
}

/** The project's files, by git where it is a checkout: what is committed and what will be. */
export const projectFiles = async (): Promise<string[]> => {
  needProgram('git', 'list the project\'s files')
  const list = String(await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root)
    .catch((error: Error) => { throw new Complaint(`the project's files cannot be listed: ${error.message}`) }))
  return [...new Set(list.split('\0'))].filter((name) => name && existsSync(join(root, name))).toSorted()
}

/** Compiles a static program for arm64 from C sources of the project, and gives its bytes. */
export const crossBuilt = async (name: string, sources: string[]): Promise<Buffer> => {
  needProgram('aarch64-linux-gnu-gcc', `build ${name}`)
  const out = cachePath('arm64', `${name}.${process.pid}`)
  mkdirSync(dirname(out), { recursive: true })
  try {
    await promisify(execFile)('aarch64-linux-gnu-gcc', ['-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', out, ...sources])
    return readFileSync(out)
  } catch (error) {
    throw new Complaint(`${name} cannot be built for arm64: ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`)
  } finally {
    rmSync(out, { force: true })
  }
}

/** Removes images whose process was killed before it could. */
const dropLeft = (): void => {
  for (const name of readdirSync(cachePath('arm64'))) {
    const [, pid] = /^native-(\d+)\.cpio\.gz$/.exec(name) ?? []
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(cachePath('arm64', name), { force: true })
  }
}

/**
 * An image in which `command` runs in /project: the path of an initial file system. /agents has agent.c. `modules` are
 * paths of the kernel's, in the order of loading. Throws a Complaint where something it is made of is missing.
 */
export const nativeImage = async (command: string[], modules: string[], more: Entry[] = []): Promise<string> => {
  const path = await system()
  const init = await crossBuilt('init', [join(import.meta.dirname, 'native-init.c'), join(root, 'harness/agent/init.c')])
  const project = (await projectFiles()).map((name) =>
    file(`project/${name}`, readFileSync(join(root, name)), lstatSync(join(root, name)).mode & 0o777))
  const own = gzipSync(cpio(withFolders([
    file('init', init, 0o755), file('agents/agent', readFileSync(await buildAgent('arm64')), 0o755),
    file('command', Buffer.from(command.map((word) => `${word}\n`).join(''))),
    ...modules.map((module) => file(`modules/${basename(module)}`, readFileSync(module))),
    file('modules.list', Buffer.from(modules.map((module) => `/modules/${basename(module)}\n`).join(''))),
    ...project, ...more,
  ])))
  dropLeft()
  const initrd = cachePath('arm64', `native-${process.pid}.cpio.gz`)
  // The kernel unpacks archives one after the other.
  writeWhole(initrd, Buffer.concat([readFileSync(path), own]))
  return initrd
}
