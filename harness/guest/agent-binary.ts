/** Builds the agent from its C sources into the cache directory. */
import { agentSources, agentSourcesWithout } from '../agent/sources.ts'
import { type Arch, compiled, sourcesAt } from './compile.ts'

/**
 * Gives the path of the agent's static binary and compiles it only where the cache does not hold it yet.
 * Throws a UserError where the compiler is missing (with the Debian packages that bring it) or fails.
 */
export const buildAgent = (arch: Arch): Promise<string> => compiled('agent', arch, sourcesAt(agentSources()))

/**
 * The same of the shared library that agent.ts loads: all of the agent but its own main, and what is for machines
 * without Node: init, lists in a file.
 */
export const buildAgentLibrary = (arch: Arch): Promise<string> =>
  compiled('agent.so', arch, sourcesAt(agentSourcesWithout('agent.c', 'init.c', 'offline.c')), 'library')
