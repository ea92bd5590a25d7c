/**
 * Playing on one core: which targets can, that the player does, and that cores of different kinds are refused
 * otherwise.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pinned } from '../../../harness/cli/cpu.ts'
import { checkCores } from '../../../harness/targets/open.ts'
import { parseTarget, printTarget } from '../../../harness/model/target.ts'
import { argvInNode, missing } from './agent-in-node.ts'
import { leavesOf, talkTo } from './agent-talk.ts'
import { doctor } from '../../../harness/targets/doctor.ts'

/** The cores that a process may run on. */
const coresOf = (pid: number): string =>
  /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!

it('a native target can name the core', () => {
  expect(parseTarget('native,cpu=4')).toEqual({ kind: 'native', cpu: 4 })
  expect(printTarget({ kind: 'native', cpu: 0 })).toBe('native,cpu=0')
  for (const text of ['native,cpu=', 'native,cpu=04', 'native,cpu=x', 'native,gic=2'])
    expect(() => parseTarget(text), text).toThrow(/is no target/)
})

it('--cpu names it, of a native target alone', () => {
  expect(pinned('native', undefined)).toBe('native')
  expect(pinned('native', 3)).toBe('native,cpu=3')
  expect(() => pinned('mock', 3)).toThrow(/^--cpu 3: mock is played elsewhere/)
})

it('agent.ts keeps its players on it', async (context) => {
  if (missing) return context.skip(missing)
  const last = coresOf(process.pid).split(/[-,]/).at(-1)!
  const [program, args] = await argvInNode(Number(last))
  const talk = talkTo(() => spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }) as never)
  await talk.ask('hello 1\n')
  const [first] = leavesOf(talk.pid)
  process.kill(first!, 'SIGKILL')
  await talk.ask('play a 1000 c,0\n')
  const [second] = leavesOf(talk.pid)
  expect(second).not.toBe(first)
  expect(coresOf(second!)).toBe(last)
})

it('agent.ts says that there is no such core', async (context) => {
  if (missing) return context.skip(missing)
  const child = spawn(...(await argvInNode(8000)), { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  expect([status, said.split('\n')[0]]).toEqual([
    1,
    expect.stringMatching(/^agent\.ts: no process can be kept on core 8000: .*\(errno 22\)$/),
  ])
})

const big = { cpu: 4, midr: '0xd08' },
  little = [0, 1, 2, 3].map((cpu) => ({ cpu, midr: '0xd03' }))

it('cores of different kinds are refused, unless one is named', () => {
  expect(checkCores(little, undefined)).toEqual(little)
  expect(checkCores([...little, big], 4)).toEqual([big])
  const machine = {
    platform: 'linux',
    arch: 'arm64',
    user: { name: 'ada', groups: [] },
    kvm: {},
    log: [],
    libc: 'glibc' as const,
    ignoreScripts: false,
    programs: new Set(['qemu-system-aarch64', 'aarch64-linux-gnu-gcc']),
  }
  const of = (cpu?: number) => doctor({ ...machine, cores: checkCores([...little, big], cpu) })
  expect(of(4)).toEqual([])
  expect(of()).toEqual([
    {
      target: 'native',
      what: expect.stringContaining("a vcpu's registers depend on where it runs"),
      todo: expect.stringContaining('--cpu 0'),
    },
  ])
  expect(() => checkCores(little, 9)).toThrow(/^native: this process may not run on core 9, only on 0, 1, 2, 3$/)
})
