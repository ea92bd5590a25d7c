/**
 * The agent inside Node: calls it in C, through ffi-napi, and it speaks on this process's standard input and output as
 * PROTOCOL.md says. Run it as `node --import ./harness/typescript.js harness/agent/agent.ts LIBRARY [CPU]`. LIBRARY is
 * what buildAgentLibrary gives; with CPU, a decimal number, lists are played on that core alone.
 */
import { createRequire } from 'node:module'
import { UserError } from '../process/user-error.ts'

/** What library.c exports; results below 0 are −errno. */
interface Agent {
  agent_stay_on(cpu: number): number
  agent_serve(): number
}

const lineOf = (error: unknown): string => String((error as Error).message).split('\n')[0]!

const loadFfi = (): { Library(path: string, functions: object): Agent } => {
  try {
    return createRequire(import.meta.url)('ffi-napi')
  } catch (error) {
    throw new UserError(
      `ffi-napi cannot be loaded (${lineOf(error)}): `
        + 'npm ci builds it where it finds g++, make and python3, and leaves it out where not',
    )
  }
}

const loadAgent = (library: string): Agent => {
  const ffi = loadFfi()
  try {
    return ffi.Library(library, { agent_stay_on: ['int', ['int']], agent_serve: ['int', []] })
  } catch (error) {
    throw new UserError(
      `the agent cannot be loaded (${lineOf(error)}): `
        + 'set XDG_CACHE_HOME to a folder of this machine from which programs may be run',
    )
  }
}

const main = ([library, cpu]: readonly string[]): number => {
  if (library === undefined) throw new UserError('the path of the library is missing')
  const agent = loadAgent(library)
  const pinned = cpu === undefined ? 0 : agent.agent_stay_on(Number(cpu))
  if (pinned < 0)
    throw new UserError(`no process can be kept on core ${cpu}: there is none, or it is off limits (errno ${-pinned})`)
  // Node waits in this call until the agent has ended; whatever blocks in the kernel blocks the agent's own processes.
  const status = agent.agent_serve()
  if (status < 0) throw new UserError(`no process can be started (errno ${-status})`)
  return status
}

try {
  process.exit(main(process.argv.slice(2)))
} catch (error) {
  const { name, message, stack } = error as Error
  process.stderr.write(`agent.ts: ${name === 'UserError' ? message : stack}\n`)
  process.exit(1)
}
