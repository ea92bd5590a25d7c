/** Static programs and shared libraries from C sources, compiled into the cache. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { root } from '../process/root.ts'
import { sha256 } from './cache.ts'
import { kept } from './kept.ts'
import { run } from '../process/programs.ts'

const common = ['-O2', '-Wall', '-Wextra', '-Werror']
/**
 * A library shows what its sources mark as exported, and calls nothing of the same name in the program that loads it;
 * what it calls is looked up when it is loaded, because a copy of a process with threads cannot wait for the linker's
 * locks.
 */
const flags = {
  program: [...common, '-static'],
  library: [...common, '-shared', '-fPIC', '-fvisibility=hidden', '-Wl,-z,now'],
}
const compilers = { arm64: 'aarch64-linux-gnu-gcc', host: 'gcc' } as const

/** What C can be built for: a 64-bit ARM target, or the machine that builds it. */
export type Arch = keyof typeof compilers

/** What C can be built into. */
export type Form = keyof typeof flags

/** The sources of a program by name: .c files, which are compiled together, and the headers that they include. */
export type Sources = Record<string, Uint8Array>

/** Reads files of the project from their paths; they keep their places to each other. */
export const sourcesAt = (paths: readonly string[]): Sources =>
  Object.fromEntries(paths.map((path) => [relative(root, path), readFileSync(path)]))

/**
 * Gives the path of a static program, or of a library. The compiler is needed only where the cache does not hold what
 * these sources and flags make for that architecture: another compiler, a cross compiler too, is no reason to build
 * again, and the one that built stands beside the program. Throws a UserError where it is missing (with the Debian
 * packages that bring it) or fails.
 */
export const compiled = async (name: string, arch: Arch, sources: Sources, form: Form = 'program'): Promise<string> => {
  const command = compilers[arch]
  const architecture = arch === 'host' ? process.arch : arch
  const names = Object.keys(sources).toSorted()
  const sums = names.map((source) => `${source} ${sha256(sources[source]!)}`)
  const key = sha256(Buffer.from([name, architecture, ...flags[form], ...sums].join('\n')))
  const home = await kept('programs', `${name}-${architecture}-${key.slice(0, 16)}`, {
    needs: [command],
    purpose: `build ${name}`,
    fill: async (draft) => {
      writeFileSync(join(draft, 'compiler'), await run(command, ['--version']))
      const from = join(draft, 'sources')
      for (const source of names) {
        mkdirSync(dirname(join(from, source)), { recursive: true })
        writeFileSync(join(from, source), sources[source]!)
      }
      const units = names.filter((source) => source.endsWith('.c')).map((source) => join(from, source))
      await run(command, [...flags[form], '-o', join(draft, name), ...units]).catch((error: Error) => {
        const { stderr = '' } = error.cause as { stderr?: Buffer }
        const why =
          String(stderr)
            .split('\n')
            .find((line) => /error/.test(line)) ?? error.message
        throw new UserError(`${command} cannot build ${name}: ${why.replace(`${from}/`, '')}`)
      })
      rmSync(from, { recursive: true })
    },
  })
  return join(home, name)
}
