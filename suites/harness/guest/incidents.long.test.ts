/**
 * Real guests that are killed, stopped or crash, at work or between two lists: nothing is lost, and what happened is
 * known.
 */
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Pool, poolOf } from '../../../harness/targets/pool.ts'
import { prepareGuest } from '../../../harness/guest/prepare.ts'
import { type Guest, bootGuest } from '../../../harness/guest/qemu.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { descendantsOf } from '../../../harness/process/children.ts'
import { commandMeanwhile, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const KERNEL = 'qemu:6.12'
const CREATES_A_VM = 'k,0 i,0,ae01,0,1 c,1 c,0'

/** Does something with a pool of one guest, and ends it. */
const withGuest = async (work: (pool: Pool, guest: () => Guest) => Promise<void>): Promise<void> => {
  const target = parseTarget(KERNEL)
  if (target.kind !== 'qemu') throw new Error(`${KERNEL}: not a target in QEMU`)
  const prepared = await prepareGuest(target)
  const booted: Guest[] = []
  const open = async () => {
    booted.push(await bootGuest(prepared))
    return booted.at(-1)!
  }
  const pool = await poolOf(KERNEL, { open }, 1)
  await work(pool, () => booted.at(-1)!).finally(() => pool.close())
  for (const { pid } of booted) expect(existsSync(`/proc/${pid}`)).toBe(false)
}

const playMany = (pool: Pool, lists: number) =>
  Promise.all(Array.from({ length: lists }, () => pool.play(`${CREATES_A_VM} ${'k,0 c,0 '.repeat(200).trim()}`, 5000)))

/** Waits until something has befallen the machines of the pool. */
const incident = async (pool: Pool): Promise<void> => {
  for (let tries = 0; tries < 200 && pool.incidents.length === 0; tries++) await sleep(100)
}

beforeEach((context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc')
})

describe('a guest', () => {
  it('that is killed between two lists is told of, and the next list is played', () =>
    withGuest(async (pool, guest) => {
      expect((await pool.play(CREATES_A_VM, 5000, 'KVM_CREATE_VM(0)')).outcome).toBe('done')
      process.kill(guest().pid, 'SIGKILL')
      await incident(pool)
      expect((await pool.play(CREATES_A_VM, 5000)).outcome).toBe('done')
      expect(pool.restarts).toBe(1)
      expect(pool.incidents).toEqual([
        {
          how: 'died',
          hadWork: false,
          why: `${KERNEL}: QEMU ended (killed by SIGKILL)`,
          log: [],
          before: [{ ops: CREATES_A_VM, deadlineMs: 5000, trace: 'KVM_CREATE_VM(0)' }],
        },
      ])
    }))

  it('that is killed after its last list is told of', () =>
    withGuest(async (pool, guest) => {
      expect((await pool.play(CREATES_A_VM, 5000)).outcome).toBe('done')
      process.kill(guest().pid, 'SIGKILL')
      await pool.listen()
      expect(pool.incidents).toMatchObject([
        { how: 'died', hadWork: false, why: `${KERNEL}: QEMU ended (killed by SIGKILL)` },
      ])
      expect(pool.restarts).toBe(0)
    }))

  it('that panics between two lists is told of with its last words', () =>
    withGuest(async (pool, guest) => {
      expect((await pool.play(CREATES_A_VM, 5000)).outcome).toBe('done')
      guest().sysrq('c')
      await incident(pool)
      expect((await pool.play(CREATES_A_VM, 5000)).outcome).toBe('done')
      expect(pool.restarts).toBe(1)
      expect(pool.incidents).toMatchObject([
        { how: 'died', hadWork: false, why: expect.stringMatching(/Kernel panic|sysrq/) },
      ])
      expect(pool.incidents[0]!.log).toContainEqual(
        expect.stringMatching(/^4,Kernel panic - not syncing: sysrq triggered crash/),
      )
      expect(pool.incidents[0]!.before).toHaveLength(1)
    }))

  it('that is stopped for 5 s, at work and between two lists, loses nothing and is told of nowhere', () =>
    withGuest(async (pool, guest) => {
      const stopped = async (meanwhile: () => Promise<unknown>) => {
        process.kill(guest().pid, 'SIGSTOP')
        await Promise.all([meanwhile(), sleep(5000).then(() => process.kill(guest().pid, 'SIGCONT'))])
      }
      await playMany(pool, 20)
      await stopped(async () => {
        for (const { outcome } of await playMany(pool, 40)) expect(outcome).toBe('done')
      })
      await stopped(() => sleep(5000))
      for (const { outcome } of await playMany(pool, 40)) expect(outcome).toBe('done')
      expect([pool.restarts, pool.incidents]).toEqual([0, []])
    }))
}, 240_000)

it.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGKILL', null],
] as const)(
  'a run on a kernel that %s ends leaves no process',
  async (signal, status) => {
    const args = ['run', '--target', KERNEL, '--only', 'ordered_', '--reports', scratch()]
    let started: number[] = []
    const { code } = await commandMeanwhile(args, async (kill, pid) => {
      while (descendantsOf(pid).filter(({ name }) => name.startsWith('qemu-')).length < 2) await sleep(50)
      await sleep(2000)
      started = descendantsOf(pid).map((one) => one.pid)
      kill(signal)
    })
    expect(code).toBe(status)
    expect(started.length).toBeGreaterThanOrEqual(2)
    for (let tries = 0; tries < 100 && started.some((pid) => existsSync(`/proc/${pid}`)); tries++) await sleep(100)
    expect(started.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  },
  240_000,
)
