/** The agent in C, built for this machine, keeps the protocol; and what its build says where it cannot build. */
import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { buildAgent } from '../../harness/agent/build.ts'
import { agentProtocol } from './agent-protocol.ts'

const missing = process.platform !== 'linux' ? 'runs on Linux only'
  : spawnSync('gcc', ['--version']).error ? 'gcc is missing: apt-get install gcc libc6-dev' : ''

if (missing) {
  it('agent.c keeps the protocol', context => context.skip(missing))
} else {
  const binary = await buildAgent('host')
  describe('agent.c', () => agentProtocol(() => spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] }) as never))
}

it('a missing compiler is named with its package', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    await expect(buildAgent('arm64')).rejects.toThrow(/aarch64-linux-gnu-gcc is missing.*apt-get install gcc-aarch64/)
  } finally {
    process.env.PATH = path
  }
})
