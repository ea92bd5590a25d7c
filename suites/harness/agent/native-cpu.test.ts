/** Playing on one core: which targets can, that the player does, and that cores of different kinds are refused otherwise. */
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pinned } from '../../../harness/cli/cpu.ts'
import { checkCores } from '../../../harness/targets/open.ts'
import { parseTarget, printTarget } from '../../../harness/model/target.ts'
import { talkTo } from './agent-talk.ts'
import { typescript } from '../command.ts'
import { doctor } from '../../../harness/targets/doctor.ts'

const loads = await import('../../../harness/agent/native/syscalls.ts').then(
  () => '',
  (error: Error) => error.message,
)
const agent = new URL('../../../harness/agent/agent.ts', import.meta.url).pathname
const mine = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!
const last = mine.split(/[-,]/).at(-1)!

/** The cores that the main threads of a process's children may run on. */
const coresUnder = (parent: number): string[] =>
  readdirSync('/proc').flatMap((name) => {
    try {
      const status = /^\d+$/.test(name) ? readFileSync(`/proc/${name}/status`, 'utf8') : ''
      const isPlayer =
        new RegExp(`^PPid:\\s*${parent}$`, 'm').test(status)
        && !readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('esbuild')
      return isPlayer ? [/^Cpus_allowed_list:\s*(.*)$/m.exec(status)![1]!] : []
    } catch {
      return []
    }
  })

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
  if (loads) return context.skip(loads)
  let pid = 0
  const talk = talkTo((() => {
    const child = spawn(process.execPath, ['--import', typescript, agent, last], { stdio: ['pipe', 'pipe', 'inherit'] })
    pid = child.pid!
    return child
  }) as never)
  expect((await talk.ask('hello 1\n'))[0]).toMatch(/^agent 1 agent\.ts /)
  const cores = coresUnder(pid)
  expect(cores).toContain(last)
  await talk.ask('bye\n')
})

it('agent.ts says that there is no such core', async (context) => {
  if (loads) return context.skip(loads)
  const child = spawn(process.execPath, ['--import', typescript, agent, '8000'], { stdio: ['pipe', 'pipe', 'pipe'] })
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
  expect(() => checkCores(little, 9)).toThrow(/^native: core 9 is none that may be used; there are 0, 1, 2, 3$/)
})
