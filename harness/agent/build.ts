/** Builds the agent from its C sources into the cache directory. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Complaint } from '../complaint.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const flags = ['-static', '-O2', '-Wall', '-Wextra', '-Werror']

const compilers = {
  arm64: { command: 'aarch64-linux-gnu-gcc', packages: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross' },
  host: { command: 'gcc', packages: 'gcc libc6-dev' },
}

/** What an agent can be built for: a 64-bit ARM target, or the machine that builds it. */
export type AgentArch = keyof typeof compilers

/**
 * Gives the path of the agent's static binary and compiles it only where the cache does not hold it yet.
 * Throws a Complaint where the compiler is missing (with the Debian packages that bring it) or fails.
 */
export async function buildAgent(arch: AgentArch): Promise<string> {
  const { command, packages } = compilers[arch]
  const version = await run(command, ['--version']).catch(() => {
    throw new Complaint(`${command} is missing, so the agent cannot be built: apt-get install ${packages}`)
  })
  const names = (await readdir(here)).filter(name => /\.[ch]$/.test(name)).sort()
  const hash = createHash('sha256').update(`${command} ${flags.join(' ')}\n${version.stdout}`)
  for (const name of names) hash.update(`\n${name}\n`).update(await readFile(join(here, name)))
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'kvm-arm64-abi', 'agent', hash.digest('hex'))
  const binary = join(folder, `agent-${arch}`)
  if (existsSync(binary)) return binary
  await mkdir(folder, { recursive: true })
  const unfinished = `${binary}.${process.pid}`
  const sources = names.filter(name => name.endsWith('.c')).map(name => join(here, name))
  try {
    await run(command, [...flags, '-o', unfinished, ...sources])
    await rename(unfinished, binary)
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    const why = stderr?.split('\n').find(line => /error/.test(line)) ?? String(error)
    throw new Complaint(`${command} cannot build the agent (${packages} installed?): ${why}`, { cause: error })
  } finally {
    await rm(unfinished, { force: true })
  }
  return binary
}
