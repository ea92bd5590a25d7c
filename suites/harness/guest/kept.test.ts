/** What the cache holds is checked at each use and mends itself; no fault of a disk or a process leaves half of it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { kept, keptBytes } from '../../../harness/guest/kept.ts'
import { root } from '../../../harness/process/root.ts'
import { typescript } from '../command.ts'
import { emptyCache } from './empty-cache.ts'
import { skipWithout } from '../skip-without.ts'

const isRoot = process.geteuid?.() === 0
const cache = emptyCache()
const { lab, drafts } = cache

describe('what the cache holds', () => {
  beforeEach((context) => {
    skipWithout(context, 'flock')
  })

  /** An entry of two files, and how often it was filled. */
  const entry = () => {
    const times = { filled: 0 }
    const fill = (draft: string) => {
      times.filled++
      mkdirSync(join(draft, 'b'))
      writeFileSync(join(draft, 'a'), 'one')
      writeFileSync(join(draft, 'b', 'c'), 'two')
    }
    return { times, take: () => kept('part', 'entry', { needs: [], purpose: '', fill }) }
  }

  it('is made once, where nobody else may look', async () => {
    const { times, take } = entry()
    const home = await take()
    expect([home, await take(), times.filled, cache.said]).toEqual([lab('part', 'entry'), home, 1, []])
    expect(readFileSync(join(home, 'b/c'), 'utf8')).toBe('two')
    for (const path of [lab('..'), lab(), lab('part'), home]) expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(drafts()).toEqual([])
  })

  it.each<[string, (home: string) => void, string]>([
    ['empty', (home) => truncateSync(join(home, 'a')), 'a is not what was written there'],
    ['flipped', (home) => writeFileSync(join(home, 'b/c'), 'twn'), 'b/c is not what was written there'],
    ['gone', (home) => rmSync(join(home, 'b/c')), 'b/c is missing'],
    ['added', (home) => writeFileSync(join(home, 'b/d'), ''), 'b/d was added'],
    ['without sums', (home) => truncateSync(join(home, 'manifest.json'), 9), 'its manifest.json cannot be read'],
    ['without files', (home) => rmSync(join(home, 'manifest.json')), 'its manifest.json cannot be read'],
  ])('is made anew, and says so once, where it is damaged: %s', async (_, harm, words) => {
    const { times, take } = entry()
    const home = await take()
    harm(home)
    expect(await take()).toBe(home)
    expect(cache.said).toEqual([`the cache is damaged: ${home}: ${words}; it is made anew\n`])
    expect(await take()).toBe(home)
    expect([readFileSync(join(home, 'b/c'), 'utf8'), times.filled, cache.said.length]).toEqual(['two', 2, 1])
    expect(drafts()).toEqual([])
  })

  it('is found by its bytes', async () => {
    const path = await keptBytes('part', 'file', Buffer.from('bytes'))
    truncateSync(path)
    expect(await keptBytes('part', 'file', Buffer.from('bytes'))).toBe(path)
    expect([readFileSync(path, 'utf8'), cache.said.length]).toEqual(['bytes', 1])
    expect(await keptBytes('part', 'file', Buffer.from('others'))).not.toBe(path)
  })

  it('is whole or not there when the disk is full', ({ skip }) => {
    if (!isRoot) return skip('only root can mount a small disk')
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', cache.folder], { stdio: 'ignore' })
    } catch {
      return skip('nothing can be mounted here')
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', cache.folder])
    })
    return expect(keptBytes('part', 'file', Buffer.alloc(1 << 22)))
      .rejects.toThrow(
        `the cache cannot be written: ${join(cache.folder, 'kvm-arm64-abi')} (ENOSPC); make room there, or set XDG_CACHE_HOME`,
      )
      .then(() => {
        expect([drafts(), existsSync(lab('part'))]).toEqual([[], false])
      })
  })

  /** A process that fills an entry, says so, and goes on after `pause` ms. */
  const filler = (pause: number): ChildProcess =>
    spawn(
      process.execPath,
      [
        '--import',
        typescript,
        '--input-type=module',
        '-e',
        `
    import { appendFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { kept } from ${JSON.stringify(join(root, 'harness/guest/kept.ts'))}
    console.log(await kept('part', 'entry', { needs: [], purpose: '', fill: async (draft) => {
      appendFileSync(${JSON.stringify(join(cache.folder, 'filled'))}, 'x')
      writeFileSync(draft + '/file', 'from a process')
      console.log('filling')
      await sleep(${pause})
    } }))`,
      ],
      { cwd: root, env: { ...process.env, XDG_CACHE_HOME: cache.folder }, stdio: ['ignore', 'pipe', 'ignore'] },
    )

  it('is filled by one process, where two come at once', { timeout: 120_000 }, async () => {
    const both = [filler(2000), filler(2000)]
    expect((await Promise.all(both.map((child) => once(child, 'exit')))).map(([code]) => code as number)).toEqual([
      0, 0,
    ])
    expect(readFileSync(join(cache.folder, 'filled'), 'utf8')).toBe('x')
    expect(readFileSync(lab('part', 'entry', 'file'), 'utf8')).toBe('from a process')
  })

  it('is filled by the next process, where one was killed; nothing is left of it', { timeout: 120_000 }, async () => {
    const child = filler(600_000)
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect([drafts().length, existsSync(lab('part', 'entry'))]).toEqual([1, false])
    const { take, times } = entry()
    expect([await take(), times.filled, cache.said]).toEqual([lab('part', 'entry'), 1, []])
    expect(drafts()).toEqual([])
  })
})
