/** The agent in TypeScript: it keeps the protocol, and what is its own: machine code, memory, and why it cannot run. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { machineCode } from '../../../harness/agent/native/machine-code.ts'
import { agentProtocol } from './agent-protocol.ts'
import { leavesOf, talkTo } from './agent-talk.ts'
import { typescript } from '../command.ts'

const agent = fileURLToPath(new URL('../../../harness/agent/agent.ts', import.meta.url))
const argv = ['--import', typescript, agent]
const start = () => spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] }) as never

/** Why native calls cannot be made here, or nothing. */
const missing = await import('../../../harness/agent/native/syscalls.ts').then(
  () => '',
  (error: Error) => error.message,
)

if (missing) it('agent.ts keeps the protocol', (context) => context.skip(missing))
else describe('agent.ts', () => agentProtocol(start))

const assemblers = { x64: ['as', 'objcopy'], arm64: ['aarch64-linux-gnu-as', 'aarch64-linux-gnu-objcopy'] } as const

describe('machine code', () => {
  for (const arch of ['x64', 'arm64'] as const) {
    const [as, objcopy] = assemblers[arch]
    const lack = spawnSync(as, ['--version']).error
      ? `${as} is missing`
      : arch === 'x64' && process.arch !== 'x64'
        ? 'the assembler of this machine is not one of x86'
        : ''
    it(`of ${arch} is what an assembler makes of its text`, (context) => {
      if (lack) return context.skip(lack)
      const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
      try {
        const { rows } = machineCode[arch]!
        writeFileSync(join(folder, 'text.s'), rows.map(([, assembly]) => `${assembly}\n`).join(''))
        execFileSync(as, ['-o', 'object', 'text.s'], { cwd: folder })
        execFileSync(objcopy, ['-O', 'binary', '-j', '.text', 'object', 'bytes'], { cwd: folder })
        expect(rows.map(([bytes]) => bytes).join('')).toBe(readFileSync(join(folder, 'bytes')).toString('hex'))
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }
})

describe('native calls', () => {
  const test = (name: string, body: () => Promise<void>) =>
    it(name, async (context) => (missing ? context.skip(missing) : body()))

  test('give −errno whatever Node does between them', async () => {
    const { syscall } = await import('../../../harness/agent/native/syscalls.ts')
    const { NR } = await import('../../../harness/agent/native/numbers.ts')
    for (let i = 0; i < 1000; i++) {
      expect(syscall(NR.close, -1)).toBe(-9)
      expect(() => readFileSync('/nowhere')).toThrow('ENOENT')
      expect(syscall(NR.fcntl, 0, 9999)).toBe(-22)
      expect(syscall(NR.getpid)).toBe(process.pid)
    }
  })

  test('a million of them leave memory as it was', async () => {
    const talk = talkTo(start)
    const resident = () =>
      Math.max(
        ...leavesOf(talk.pid).map(
          (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024,
        ),
      )
    const lists = `play a 60000${' i,0,ae00,0'.repeat(500)}\n`.repeat(500)
    const play = async () => expect(new Set(await talk.ask(lists)).size).toBe(1)
    await play()
    const before = resident()
    for (let i = 0; i < 4; i++) await play()
    expect(resident() - before).toBeLessThan(16)
  })
})

it('without ffi-napi it says what to do, and ends', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    input: 'hello 1\n',
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--no-addons' },
  })
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^agent\.ts: ffi-napi cannot be loaded \(.*\): npm ci builds it .*\n$/)
  expect(status).toBe(1)
})
