// The cache is this user's alone, is checked at each use and mends itself; no fault of a disk or a process leaves half of it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { cachePath } from '../../../harness/guest/cache.ts'
import { type Sources, compiled } from '../../../harness/guest/compile.ts'
import { kept, keptBytes } from '../../../harness/guest/kept.ts'
import { hasProgram } from '../../../harness/process/programs.ts'
import { root } from '../../../harness/process/root.ts'
import { scratch } from '../command.ts'

const isRoot = process.geteuid?.() === 0
let folder = ''
let said: string[] = []
beforeEach(() => {
  folder = scratch()
  vi.stubEnv('XDG_CACHE_HOME', folder)
  said = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const lab = (...names: string[]) => join(folder, 'kvm-arm64-abi', 'lab', ...names)
const drafts = () => readdirSync(lab()).filter((name) => name.startsWith('draft-'))

describe('what the cache holds', () => {
  beforeEach((context) => {
    if (!hasProgram('flock')) context.skip('flock is not installed')
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
    expect([home, await take(), times.filled, said]).toEqual([lab('part', 'entry'), home, 1, []])
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
    expect(said).toEqual([`the cache is damaged: ${home}: ${words}; it is made anew\n`])
    expect(await take()).toBe(home)
    expect([readFileSync(join(home, 'b/c'), 'utf8'), times.filled, said.length]).toEqual(['two', 2, 1])
    expect(drafts()).toEqual([])
  })

  it('is found by its bytes', async () => {
    const path = await keptBytes('part', 'file', Buffer.from('bytes'))
    truncateSync(path)
    expect(await keptBytes('part', 'file', Buffer.from('bytes'))).toBe(path)
    expect([readFileSync(path, 'utf8'), said.length]).toEqual(['bytes', 1])
    expect(await keptBytes('part', 'file', Buffer.from('others'))).not.toBe(path)
  })

  it('is whole or not there when the disk is full', ({ skip }) => {
    if (!isRoot) return skip('only root can mount a small disk')
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', folder], { stdio: 'ignore' })
    } catch {
      return skip('nothing can be mounted here')
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', folder])
    })
    return expect(keptBytes('part', 'file', Buffer.alloc(1 << 22)))
      .rejects.toThrow(
        `the cache cannot be written: ${join(folder, 'kvm-arm64-abi')} (ENOSPC); make room there, or set XDG_CACHE_HOME`,
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
        'tsx',
        '--input-type=module',
        '-e',
        `
    import { appendFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { kept } from ${JSON.stringify(join(root, 'harness/guest/kept.ts'))}
    console.log(await kept('part', 'entry', { needs: [], purpose: '', fill: async (draft) => {
      appendFileSync(${JSON.stringify(join(folder, 'filled'))}, 'x')
      writeFileSync(draft + '/file', 'from a process')
      console.log('filling')
      await sleep(${pause})
    } }))`,
      ],
      { cwd: root, env: { ...process.env, XDG_CACHE_HOME: folder }, stdio: ['ignore', 'pipe', 'ignore'] },
    )

  it('is filled by one process, where two come at once', { timeout: 120_000 }, async () => {
    const both = [filler(2000), filler(2000)]
    expect((await Promise.all(both.map((child) => once(child, 'exit')))).map(([code]) => code as number)).toEqual([
      0, 0,
    ])
    expect(readFileSync(join(folder, 'filled'), 'utf8')).toBe('x')
    expect(readFileSync(lab('part', 'entry', 'file'), 'utf8')).toBe('from a process')
  })

  it('is filled by the next process, where one was killed; nothing is left of it', { timeout: 120_000 }, async () => {
    const child = filler(600_000)
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect([drafts().length, existsSync(lab('part', 'entry'))]).toEqual([1, false])
    const { take, times } = entry()
    expect([await take(), times.filled, said]).toEqual([lab('part', 'entry'), 1, []])
    expect(drafts()).toEqual([])
  })
})

describe('a program that is built', () => {
  const sources: Sources = {
    'main.c': Buffer.from('#include "a.h"\nint main(void) { return A; }\n'),
    'a.h': Buffer.from('#define A 3\n'),
  }
  const path = process.env.PATH ?? ''
  beforeEach((context) => {
    for (const name of ['flock', 'gcc'] as const) if (!hasProgram(name)) context.skip(`${name} is not installed`)
  })

  it('needs no compiler where the cache holds it, and one where it is damaged', async () => {
    const program = await compiled('three', 'host', sources)
    const bytes = readFileSync(program)
    expect(() => execFileSync(program, { stdio: 'ignore' })).toThrow(expect.objectContaining({ status: 3 }))
    vi.stubEnv('PATH', '/nowhere')
    expect(await compiled('three', 'host', sources)).toBe(program)
    truncateSync(program)
    await expect(compiled('three', 'host', sources)).rejects.toThrow(
      /^gcc is needed to build three and is not in PATH; on Debian: apt install gcc libc6-dev$/,
    )
    vi.stubEnv('PATH', path)
    expect(await compiled('three', 'host', sources)).toBe(program)
    expect(readFileSync(program).equals(bytes)).toBe(true)
    expect(said).toEqual([
      expect.stringMatching(/^the cache is damaged: .*: three is not what was written there; it is made anew\n$/),
    ])
    expect(readdirSync(join(program, '..')).toSorted()).toEqual(['compiler', 'manifest.json', 'three'])
  })

  it('is another where a header is, and complains of the line that does not compile', async () => {
    const others = { ...sources, 'a.h': Buffer.from('#define A nothing\n') }
    await expect(compiled('three', 'host', others)).rejects.toThrow(
      /^gcc cannot build three: a\.h:1:11: error: .*nothing/,
    )
    expect(drafts()).toEqual([])
  })

  it('a missing compiler is named with its package', async () => {
    vi.stubEnv('PATH', '/nowhere')
    await expect(compiled('agent', 'arm64', sources)).rejects.toThrow(
      /^aarch64-linux-gnu-gcc is needed .* gcc-aarch64-/,
    )
  })
})

describe('the cache', () => {
  const own = () => join(folder, 'kvm-arm64-abi')

  it('is refused where others can write to it, or to what leads there', () => {
    cachePath()
    mkdirSync(lab('part'))
    const refused = (path: string, mode: number, words: RegExp) => {
      chmodSync(path, mode)
      expect(() => cachePath('part')).toThrow(UserError)
      expect(() => cachePath('part')).toThrow(words)
      chmodSync(path, 0o755)
    }
    refused(
      own(),
      0o777,
      /^the cache is not safe: .*kvm-arm64-abi can be written by everybody \(mode 777\), .*XDG_CACHE_HOME/,
    )
    refused(own(), 0o1777, /everybody \(mode 1777\)/)
    refused(own(), 0o775, /kvm-arm64-abi can be written by the group \d+ \(mode 775\)/)
    refused(lab(), 0o777, /lab can be written by everybody/)
    refused(lab('part'), 0o777, /part can be written by everybody/)
    refused(folder, 0o777, /can be written by everybody \(mode 777\)/)
    chmodSync(folder, 0o1777)
    expect(cachePath('part')).toBe(lab('part'))
  })

  it('is looked at behind links', () => {
    const [behind, open] = [scratch(), scratch()]
    symlinkSync(behind, own())
    expect(cachePath()).toBe(lab())
    rmSync(own())
    chmodSync(open, 0o777)
    mkdirSync(join(open, 'cache'))
    symlinkSync(join(open, 'cache'), own())
    expect(() => cachePath()).toThrow(`${open} can be written by everybody`)
  })

  it('is refused where it belongs to another user', ({ skip }) => {
    if (!isRoot) return skip('only root can give a folder away')
    cachePath()
    chownSync(own(), 65534, 65534)
    expect(() => cachePath()).toThrow(
      /kvm-arm64-abi belongs to the user 65534, so that others may put there what is run/,
    )
  })

  it('that cannot be written is complained of in one line', () => {
    writeFileSync(join(folder, 'file'), '')
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'file'))
    expect(() => cachePath()).toThrow(
      `the cache cannot be written: ${join(folder, 'file/kvm-arm64-abi')} (ENOTDIR); mend that`,
    )
    vi.stubEnv('XDG_CACHE_HOME', '/proc/nowhere')
    expect(() => cachePath()).toThrow(
      /^the cache cannot be written: \/proc\/nowhere\S* \(ENOENT\); mend that, or set XDG_CACHE_HOME/,
    )
  })
})
