/** The agent on this machine's own /dev/kvm, inside Node. */
import { fileURLToPath } from 'node:url'
import { buildAgentLibrary } from '../guest/agent-binary.ts'
import { openCommand } from '../link/exec.ts'
import type { AgentLink } from '../link/agent-link.ts'

/**
 * What starts agent.ts, as a program and its arguments; with `cpu` lists are played on that core alone. Rejects with a
 * UserError where the library that it loads cannot be built.
 */
export const agentInNode = async (cpu?: number): Promise<string[]> => {
  const typescript = new URL('../typescript.js', import.meta.url).href
  const agent = fileURLToPath(new URL('../agent/agent.ts', import.meta.url))
  const words = [await buildAgentLibrary('host'), ...(cpu === undefined ? [] : [String(cpu)])]
  return [process.execPath, '--import', typescript, agent, ...words]
}

/** Starts what agentInNode gives. Rejects with a UserError, holding what it said, where it does not run. */
export const openAgent = (argv: string[]): Promise<AgentLink> =>
  // Node starts in half a second, and in an emulated guest in ten or more.
  openCommand('native', argv, { patience: 60_000 })
