/** The agent inside Node keeps the protocol; what is its own there: memory, its end, and why it cannot run. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { argvInNode, missing, startInNode } from './agent-in-node.ts'
import { agentProtocol } from './agent-protocol.ts'
import { leavesOf, pause, talkTo } from './agent-talk.ts'

const parentOf = (pid: number): number =>
  Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1])

const test = (name: string, body: () => Promise<void>) =>
  it(name, async (context) => (missing ? context.skip(missing) : body()))

if (missing) it('agent.ts keeps the protocol', (context) => context.skip(missing))
else describe('agent.ts', () => agentProtocol(startInNode))

test('a million calls leave memory as it was', async () => {
  const talk = talkTo(startInNode)
  await talk.ask('hello 1\n')
  const [player] = leavesOf(talk.pid)
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${player}/status`, 'latin1'))![1]) / 1024
  const lists = `play a 60000${' i,0,ae00,0'.repeat(500)}\n`.repeat(500)
  const play = async () => expect(new Set(await talk.ask(lists)).size).toBe(1)
  await play()
  const before = resident()
  for (let i = 0; i < 4; i++) await play()
  expect(resident() - before).toBeLessThan(4)
})

test('what Node has open is closed where lists are played, and what it does with signals is forgotten', async () => {
  const talk = talkTo(startInNode)
  await talk.ask('hello 1\n')
  const [player] = leavesOf(talk.pid)
  expect(readdirSync(`/proc/${player}/fd`)).toEqual(['0', '1', '2', '3', '4'])
  const open = readdirSync(`/proc/${parentOf(player!)}/fd`)
  const nodes = open.filter((fd) => readlinkSync(`/proc/${parentOf(player!)}/fd/${fd}`).includes('event'))
  expect(nodes).toEqual([])
  const status = readFileSync(`/proc/${player}/status`, 'latin1')
  const mask = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status)![1]}`)
  expect(status).toMatch(/^Threads:\s*1$/m)
  expect([mask('SigBlk'), mask('SigIgn')]).toEqual([0n, 0n])
  // Of the signals that programs use SIGALRM alone is caught; glibc keeps two of its own.
  expect(mask('SigCgt') & 0x7fffffffn).toBe(1n << 13n)
})

test('nothing of it outlives Node, whatever Node dies of', async () => {
  // Its input does not end meanwhile, which would end all of them.
  const input = spawn('sh', ['-c', 'echo hello 1; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void input.kill())
  const [program, args] = await argvInNode()
  const node = spawn(program, args, { stdio: [input.stdout, 'pipe', 'inherit'] })
  await once(node.stdout!, 'data')
  const [player] = leavesOf(node.pid!)
  const ours = [parentOf(player!), player!]
  node.kill('SIGKILL')
  await once(node, 'exit')
  const isThere = (pid: number) =>
    existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
  for (let waits = 0; waits < 100 && ours.some(isThere); waits++) await pause(50)
  expect(ours.filter(isThere)).toEqual([])
})

const refused = (args: string[], env: Record<string, string> = {}) => {
  const options = { input: 'hello 1\n', encoding: 'utf8', env: { ...process.env, ...env } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options)
  return { status, stdout, stderr }
}

test('without ffi-napi it says what to do, and ends', async () => {
  const [, args] = await argvInNode()
  expect(refused(args, { NODE_OPTIONS: '--no-addons' })).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^agent\.ts: ffi-napi cannot be loaded \(.*\): npm ci builds it .*\n$/),
  })
})

test('a library that cannot be loaded is named', async () => {
  const [, args] = await argvInNode()
  expect(refused([...args.slice(0, -1), '/nowhere/agent.so'])).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^agent\.ts: the agent cannot be loaded \(.*\/nowhere\/agent\.so.*XDG_CACHE_HOME.*\n$/,
    ),
  })
})
