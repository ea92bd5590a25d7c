/** The agent in C, built for this machine, keeps the protocol. */
import { spawn, spawnSync } from 'node:child_process'
import { describe, it } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { agentProtocol } from './agent-protocol.ts'

const missing =
  process.platform !== 'linux'
    ? 'runs on Linux only'
    : spawnSync('gcc', ['--version']).error
      ? 'gcc is missing: apt-get install gcc libc6-dev'
      : ''

if (missing) {
  it('agent.c keeps the protocol', (context) => context.skip(missing))
} else {
  const binary = await buildAgent('host')
  describe('agent.c', () => agentProtocol(() => spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] }) as never))
}
