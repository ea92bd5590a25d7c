/** The agent in TypeScript keeps the protocol. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'
import { agentProtocol } from './agent-protocol.ts'

const agent = fileURLToPath(new URL('../../harness/agent/agent.ts', import.meta.url))

/** Why native calls cannot be made here, or nothing. */
const missing = await import('../../harness/agent/native/syscalls.ts').then(() => '', (error: Error) => error.message)

if (missing) it('agent.ts keeps the protocol', context => context.skip(missing))
else describe('agent.ts', () => agentProtocol(() =>
  spawn(process.execPath, ['--import', 'tsx', agent], { stdio: ['pipe', 'pipe', 'inherit'] }) as never))
