/**
 * The root file system of a guest in which the whole project runs: Node, libraries, dependencies, and the project
 * itself.
 */
import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildAgentLibrary } from './agent-binary.ts'
import { UserError } from '../process/user-error.ts'
import { writeWhole } from '../process/files.ts'
import { root } from '../process/root.ts'
import { arm64Key, arm64Modules, arm64Node, builders } from './arm64-node.ts'
import { cacheBelowHome, cachePath, sha256 } from './cache.ts'
import { compiled, sourcesAt } from './compile.ts'
import { type Entry, cpio } from './initramfs.ts'
import { kept } from './kept.ts'
import { needProgram, run } from '../process/programs.ts'

const libraries = [
  'ld-linux-aarch64.so.1',
  'libc.so.6',
  'libm.so.6',
  'libdl.so.2',
  'libpthread.so.0',
  'libgcc_s.so.1',
  'libstdc++.so.6',
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
const filesOf = (from: string, at: string): Entry[] =>
  readdirSync(from, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .filter((name) => !unread.test(name) && lstatSync(join(from, name)).isFile())
    .map((name) => file(`${at}/${name}`, readFileSync(join(from, name)), lstatSync(join(from, name)).mode & 0o777))

/** Where the cross compiler keeps a library. */
const library = async (name: string): Promise<Entry> => {
  const path = String(await run('aarch64-linux-gnu-g++', [`-print-file-name=${name}`])).trim()
  if (!existsSync(path))
    throw new UserError(`${name} for arm64 is missing: apt install libc6-arm64-cross libstdc++6-arm64-cross`)
  return file(`lib/${name}`, readFileSync(realpathSync(path)), 0o755)
}

const SYSTEM = 'system.cpio.gz'

/**
 * What rarely changes of an image, packed once: the path of a compressed archive. Throws a UserError where something it
 * is made of is missing.
 */
export const nativeSystem = async (): Promise<string> => {
  needProgram('aarch64-linux-gnu-g++', 'build an arm64 system')
  const libs = await Promise.all(libraries.map(library))
  const key = sha256(Buffer.from([arm64Key(), ...libs.map(({ data }) => sha256(data!))].join('\n')))
  const home = await kept('system', key.slice(0, 16), {
    needs: builders,
    purpose: 'build an arm64 system',
    fill: async (draft) => {
      const [node, modules] = [await arm64Node(), await arm64Modules()]
      writeFileSync(
        join(draft, SYSTEM),
        gzipSync(
          cpio(
            withFolders([
              folder('dev'),
              { name: 'dev/console', mode: 0o020600, device: [5, 1] },
              ...libs,
              file('usr/bin/node', readFileSync(join(node, 'bin', 'node')), 0o755),
              file('etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\n')),
              file('etc/group', Buffer.from('root:x:0:\n')),
              folder('root'),
              ...filesOf(join(modules, 'node_modules'), 'project/node_modules'),
            ]),
          ),
          { level: 6 },
        ),
      )
    },
  })
  return join(home, SYSTEM)
}

/** The project's files, by git where it is a checkout: what is committed and what will be. */
export const projectFiles = async (): Promise<string[]> => {
  needProgram('git', "list the project's files")
  const list = String(
    await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root).catch((error: Error) => {
      throw new UserError(`the project's files cannot be listed: ${error.message}`)
    }),
  )
  return [...new Set(list.split('\0'))].filter((name) => name && existsSync(join(root, name))).toSorted()
}

/** What was compiled here for arm64, at the place in the guest's cache where the project looks for it there. */
export const inGuestCache = (path: string): Entry[] => {
  const folder = dirname(path)
  return filesOf(folder, join('root', cacheBelowHome, relative(cachePath(), folder)))
}

/**
 * `system` with what runs `command` in /project: the path of an initial file system, alone in its folder. The guest has
 * no compiler, so its cache has what is compiled. `modules` are paths of the kernel's, in the order of loading. Throws
 * a UserError where something it is made of is missing.
 */
export const nativeImage = async (
  system: string,
  command: string[],
  modules: string[],
  more: Entry[] = [],
): Promise<string> => {
  const init = readFileSync(
    await compiled(
      'init',
      'arm64',
      sourcesAt([
        join(import.meta.dirname, 'native-init.c'),
        ...['init.c', 'agent.h'].map((name) => join(root, 'harness/agent', name)),
      ]),
    ),
  )
  const project = (await projectFiles()).map((name) =>
    file(`project/${name}`, readFileSync(join(root, name)), lstatSync(join(root, name)).mode & 0o777),
  )
  const own = gzipSync(
    cpio(
      withFolders([
        file('init', init, 0o755),
        ...inGuestCache(await buildAgentLibrary('arm64')),
        file('command', Buffer.from(command.map((word) => `${word}\n`).join(''))),
        ...modules.map((module) => file(`modules/${basename(module)}`, readFileSync(module))),
        file('modules.list', Buffer.from(modules.map((module) => `/modules/${basename(module)}\n`).join(''))),
        ...project,
        ...more,
      ]),
    ),
  )
  const initrd = join(mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-')), 'native.cpio.gz')
  // The kernel unpacks archives one after the other.
  writeWhole(initrd, Buffer.concat([readFileSync(system), own]))
  return initrd
}
