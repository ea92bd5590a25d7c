/** Builds the agent from its C sources into the cache directory. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Arch, compiled, sourcesAt } from './compile.ts'

const here = import.meta.dirname

/**
 * Gives the path of the agent's static binary and compiles it only where the cache does not hold it yet.
 * Throws a UserError where the compiler is missing (with the Debian packages that bring it) or fails.
 */
export const buildAgent = (arch: Arch): Promise<string> =>
  compiled(
    'agent',
    arch,
    sourcesAt(
      readdirSync(here)
        .filter((name) => /\.[ch]$/.test(name))
        .map((name) => join(here, name)),
    ),
  )
