/** The agent on this machine's own /dev/kvm. */
import { fileURLToPath } from 'node:url'
import { openCommand } from '../link/exec.ts'
import type { AgentLink } from '../link/agent-link.ts'

/** Starts agent.ts, whatever this machine is; with `cpu` its players stay on that core. Rejects with a UserError, holding what it said, where it does not run. */
export const openAgent = (cpu?: number): Promise<AgentLink> => {
  const typescript = new URL('../typescript.js', import.meta.url).href
  const agent = fileURLToPath(new URL('../agent/agent.ts', import.meta.url))
  // Node starts in half a second, and in an emulated guest in ten or more.
  return openCommand(
    'native',
    [process.execPath, '--import', typescript, agent, ...(cpu === undefined ? [] : [String(cpu)])],
    { patience: 60_000 },
  )
}
