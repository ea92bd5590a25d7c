/** A pool keeps answering while its agents die, and blames the list that did it. */
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { type AgentLink, type Death, UnplayedError } from '../../../harness/link/agent-link.ts'
import type { Played } from '../../../harness/link/lines.ts'
import { poolOf } from '../../../harness/targets/pool.ts'

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
    expect(played[0]?.why).toBe('power cut; the first of 4 lists under way; played alone, none of them does it again')
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
    await expect(pool.play('list', 1000)).rejects.toThrow(
      new UserError('the target was lost 3 times in a row, the last time so: QEMU ended'),
    )
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

  it('tells of one that went down after the last answer', async () => {
    const { open, opened } = fakes((ops) => (ops === '' ? 'Kernel panic - not syncing' : undefined))
    const pool = await poolOf('fake', { open }, 2)
    await playAll(pool, ['list 0', 'list 1'])
    await pool.listen()
    expect(pool.incidents).toMatchObject([
      { how: 'died', hadWork: false, why: 'Kernel panic - not syncing', before: [{ ops: 'list 0' }] },
      { how: 'died', hadWork: false, before: [{ ops: 'list 1' }] },
    ])
    await pool.close()
    expect(opened()).toBe(2)
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
