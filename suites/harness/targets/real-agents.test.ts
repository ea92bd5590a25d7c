/** Agents in C on this machine, through pipes and a serial line: none but a killed one loses a list. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { UserError } from '../../../harness/process/user-error.ts'
import { openExec, openSerial } from '../../../harness/link/exec.ts'
import { openPool } from '../../../harness/targets/pool.ts'
import { skipWithout } from '../skip-without.ts'

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
    const pool = await openPool({ kind: 'exec', command: `echo $$ >> '${pids}'; exec '${agent}'` }, { size: 2 })
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

  it('answer a list of nothing, and are there when they are listened to', async (context) => {
    if (missing) return context.skip(missing)
    const pool = await openPool({ kind: 'exec', command: `exec '${agent}'` }, { size: 2 })
    expect(await pool.play('', 5000)).toEqual({ outcome: 'done', answers: [], log: [] })
    await pool.listen()
    expect([pool.incidents, pool.restarts]).toEqual([[], 0])
    await pool.close()
  })

  it('answer more than 2,000 lists per second through one pipe', async (context) => {
    if (missing) return context.skip(missing)
    const link = await openExec(`exec '${agent}'`)
    const start = performance.now()
    await Promise.all(Array.from({ length: 4000 }, () => link.play('c,0', 1000)))
    expect((4000 / (performance.now() - start)) * 1000).toBeGreaterThan(2000)
    await link.close()
  })

  it('are reached over a serial line', async (context) => {
    if (missing) return context.skip(missing)
    skipWithout(context, 'python3')
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
    // What is alike is said in few bytes there.
    const zeros = '00'.repeat(1000)
    const alike = await link.play(`w,d:0,${zeros}01 ${'c,0 x,d:0,3e9 '.repeat(9)}c,1 x,d:3e8,1`, 1000)
    expect(alike.answers).toEqual([
      ...Array.from({ length: 9 }, () => ({ ret: -9, data: [`${zeros}01`] })),
      { ret: -9, data: ['01'] },
    ])
    await link.close()
    // Where another is opened in its place, as for a list that is played again, nothing has died.
    expect(await link.ended).toMatchObject({ isClosed: true, hadWork: false })
    const next = await openSerial(String(device).trim(), 115200)
    expect((await next.play('c,0', 1000)).outcome).toBe('done')
    await next.close()
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
