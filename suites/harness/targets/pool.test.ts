// A pool keeps answering while its agents die, and blames the list that did it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { UserError } from '../../../harness/process/user-error.ts'
import { openExec, openSerial, openSsh } from '../../../harness/link/exec.ts'
import { type AgentLink, type Death, UnplayedError } from '../../../harness/link/agent-link.ts'
import type { Played } from '../../../harness/link/lines.ts'
import { openPool, poolOf } from '../../../harness/targets/pool.ts'
import { hasProgram } from '../../../harness/process/programs.ts'

const greeting = { impl: 'fake', release: '6.12', version: '#1', machine: 'aarch64' }
const done: Played = { outcome: 'done', answers: [{ ret: 0, data: [] }], log: [] }

/**
 * Fake agents that answer in batches, a turn late, and go down with everything unanswered when `fatal` says so of a
 * list. `opened` counts them.
 */
const fakes = (fatal: (ops: string, agent: number) => string | undefined) => {
  let opened = 0
  const open = async (): Promise<AgentLink> => {
    const agent = ++opened
    let gone = false
    let bury: (death: Death) => void = () => undefined
    const ended = new Promise<Death>((resolve) => {
      bury = resolve
    })
    let batch: { ops: string; resolve: (played: Played) => void; reject: (error: Error) => void }[] = []
    const end = (why?: string, log: string[] = []) => {
      gone = true
      bury({ why: why ?? 'closed', log, hadWork: why !== undefined, isClosed: why === undefined, isLate: false })
      const [first, ...others] = batch.splice(0)
      if (why) first?.resolve({ outcome: 'lost', answers: [], log, why })
      else first?.reject(new UnplayedError('closed'))
      for (const { reject } of others) reject(new UnplayedError('lost'))
    }
    const flush = () => {
      const reason = batch.map(({ ops }) => fatal(ops, agent)).find(Boolean)
      if (reason) return end(reason, /panic/.test(reason) ? [`4,${reason}`] : [])
      for (const { resolve } of batch.splice(0)) resolve(done)
    }
    return {
      greeting,
      ended,
      play: (ops) =>
        new Promise((resolve, reject) => {
          if (gone) return reject(new UnplayedError('gone'))
          if (batch.push({ ops, resolve, reject }) === 1) setImmediate(flush)
        }),
      close: async () => {
        if (!gone) end()
      },
    }
  }
  return { open, opened: () => opened }
}

const playAll = async (pool: { play: (ops: string, ms: number) => Promise<Played> }, lists: string[]) =>
  Promise.all(lists.map((list) => pool.play(list, 1000)))

describe('a pool of agents that go down', () => {
  it('blames the list that takes a second agent down as well, not the first unanswered one', async () => {
    const { open, opened } = fakes((ops) => (ops === 'list 7' ? 'Kernel panic - not syncing' : undefined))
    const pool = await poolOf('fake', { open }, 1)
    const lists = Array.from({ length: 40 }, (_, index) => `list ${index}`)
    const played = await playAll(pool, lists)
    expect(played.flatMap(({ outcome }, index) => (outcome === 'lost' ? [index] : []))).toEqual([7])
    expect(played[7]).toMatchObject({ log: ['4,Kernel panic - not syncing'], why: 'Kernel panic - not syncing' })
    await pool.close()
    expect([pool.restarts, opened()]).toEqual([2, 3])
  })

  it('leaves the loss with the first list where none does it again', async () => {
    const { open } = fakes((ops, agent) => (agent === 1 && ops === 'list 2' ? 'power cut' : undefined))
    const pool = await poolOf('fake', { open }, 1)
    const played = await playAll(pool, ['list 0', 'list 1', 'list 2', 'list 3'])
    expect(played.map(({ outcome }) => outcome)).toEqual(['lost', 'done', 'done', 'done'])
    expect(played[0]?.why).toBe('power cut; the first of 4 lists under way, and none does it again alone')
    expect(pool.restarts).toBe(1)
    await pool.close()
  })

  it('goes on for ever while the kernel says why it goes down', async () => {
    const { open } = fakes(() => 'Kernel panic - not syncing')
    const pool = await poolOf('fake', { open }, 2)
    for (let count = 0; count < 9; count++) expect((await pool.play('list', 1000)).outcome).toBe('lost')
    await pool.close()
  })

  it('gives up after three silent losses in a row', async () => {
    const { open } = fakes(() => 'QEMU ended')
    const pool = await poolOf('fake', { open }, 1)
    for (let count = 0; count < 3; count++) expect((await pool.play('list', 1000)).outcome).toBe('lost')
    await expect(pool.play('list', 1000)).rejects.toThrow(new UserError('lost 3 times in a row; at last: QEMU ended'))
    await pool.close()
  })

  it('gives up when a lost agent cannot be opened again', async () => {
    const { open, opened } = fakes(() => 'cable cut')
    const once = () => (opened() === 0 ? open() : Promise.reject(new Error('no route')))
    const pool = await poolOf('fake', { open: once }, 1)
    expect((await pool.play('list', 1000)).outcome).toBe('lost')
    await expect(pool.play('list', 1000)).rejects.toThrow(
      'fake: lost, and 3 attempts to start it again failed: no route',
    )
    await pool.close()
  })

  it('does not play on with a kernel that has had an oops', async () => {
    const log = ['4,Internal error: Oops: 96000004']
    let opened = 0
    const open = async (): Promise<AgentLink> => {
      const agent = ++opened
      return {
        greeting,
        ended: new Promise(() => undefined),
        play: async () => ({ ...done, log: agent === 1 ? log : [] }),
        close: async () => undefined,
      }
    }
    const pool = await poolOf('fake', { open }, 1)
    expect((await pool.play('list', 1000)).log).toEqual(log)
    expect((await pool.play('list', 1000)).log).toEqual([])
    expect(pool.restarts).toBe(1)
    await pool.close()
  })

  it('rejects what is not answered when it is closed', async () => {
    const { open } = fakes(() => undefined)
    const pool = await poolOf('fake', { open }, 1)
    const played = pool.play('list', 1000)
    await Promise.all([expect(played).rejects.toThrow('fake: closed'), pool.close()])
    await expect(pool.play('list', 1000)).rejects.toThrow('fake: closed')
  })
})

describe('real agents on this machine', () => {
  let agent = ''
  let missing: string | undefined
  const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  beforeAll(async () => {
    agent = await buildAgent('host').catch((error: Error) => {
      missing = error.message
      return ''
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('lose exactly one list of 200 when one of them is killed', async (context) => {
    if (missing) return context.skip(missing)
    const pids = join(folder, 'pids')
    writeFileSync(pids, '')
    const pool = await openPool({ kind: 'exec', command: `echo $$ >> '${pids}'; exec '${agent}'` }, 2)
    const lists = Array.from({ length: 200 }, () => pool.play('c,0 t,2 c,1', 5000))
    await lists[20]
    process.kill(Number(readFileSync(pids, 'utf8').split('\n')[0]), 'SIGKILL')
    const played = await Promise.all(lists)
    const lost = played.filter(({ outcome }) => outcome === 'lost')
    expect(lost.map(({ why }) => why)).toEqual([expect.stringContaining('killed by SIGKILL')])
    const answered = played.filter(({ outcome }) => outcome === 'done')
    expect(answered).toHaveLength(199)
    for (const { answers } of answered)
      expect(answers).toEqual([
        { ret: -9, data: [] },
        { ret: -9, data: [] },
      ])
    expect(pool.restarts).toBe(1)
    await pool.close()
    for (const pid of readFileSync(pids, 'utf8').trim().split('\n'))
      expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  })

  it('answer more than 2,000 lists per second through one pipe', async (context) => {
    if (missing) return context.skip(missing)
    const link = await openExec(`exec '${agent}'`)
    const start = performance.now()
    await Promise.all(Array.from({ length: 4000 }, () => link.play('c,0', 1000)))
    expect((4000 / (performance.now() - start)) * 1000).toBeGreaterThan(2000)
    await link.close()
  })

  it('are copied to a host and leave nothing there', async (context) => {
    if (missing) return context.skip(missing)
    // In place of ssh(1): runs its last word as sshd does, by a shell.
    const ssh = join(folder, 'ssh')
    writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    chmodSync(ssh, 0o755)
    const { PATH, TMPDIR } = process.env
    Object.assign(process.env, { PATH: `${folder}:${PATH}`, TMPDIR: join(folder, 'tmp') })
    execFileSync('mkdir', [join(folder, 'tmp')])
    try {
      const link = await openSsh('board', agent)
      expect((await link.play('c,0', 1000)).answers).toEqual([{ ret: -9, data: [] }])
      expect(execFileSync('ls', [join(folder, 'tmp')], { encoding: 'utf8' })).toBe('')
      await link.close()
    } finally {
      process.env.PATH = PATH
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
  })

  it('are reached over a serial line', async (context) => {
    if (missing) return context.skip(missing)
    if (!hasProgram('python3')) return context.skip('python3, which makes the pseudo-terminal, is not installed')
    const board = spawn(
      'python3',
      [
        '-c',
        'import os, pty, subprocess, sys\nm, s = pty.openpty()\n'
          + 'print(os.ttyname(s), flush=True)\nsubprocess.run(sys.argv[1:], stdin=m, stdout=m)',
        agent,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [device] = (await once(board.stdout, 'data')) as [Buffer]
    const link = await openSerial(String(device).trim(), 115200)
    const played = await Promise.all(Array.from({ length: 50 }, (_, index) => link.play(`c,${index % 10}`, 1000)))
    for (const { answers } of played) expect(answers).toEqual([{ ret: -9, data: [] }])
    await link.close()
    board.kill()
    await once(board, 'exit')
    await expect(openSerial('/dev/nothing', 115200)).rejects.toThrow(/^serial:\/dev\/nothing: stty: .*No such file/)
  })

  it.each([
    ['echo >&2 no such board; exit 3', /^exec:.*: exit status 3, after saying: no such board$/],
    ['echo login:; exec sleep 60', /^exec:.*: no agent: it greets with "login:"$/],
    ['exec /nonexistent/agent', /exit status 127, after saying: .*not found$/],
  ])('complain in one line of the command %j', async (command, message) => {
    await expect(openExec(command)).rejects.toThrow(message)
    await expect(openExec(command)).rejects.toThrow(UserError)
  })
})
