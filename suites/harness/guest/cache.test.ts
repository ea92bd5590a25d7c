/** The cache is this user's alone: where others could put something there it is refused. */
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { cachePath } from '../../../harness/guest/cache.ts'
import { scratch } from '../command.ts'

const isRoot = process.geteuid?.() === 0
let folder = ''
beforeEach(() => {
  folder = scratch()
  vi.stubEnv('XDG_CACHE_HOME', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const lab = (...names: string[]) => join(folder, 'kvm-arm64-abi', 'lab', ...names)

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
    expect(() => cachePath()).toThrow(/kvm-arm64-abi belongs to the user 65534, so other users could change programs/)
  })

  it('that cannot be written is complained of in one line', () => {
    writeFileSync(join(folder, 'file'), '')
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'file'))
    expect(() => cachePath()).toThrow(
      `the cache cannot be written: ${join(folder, 'file/kvm-arm64-abi')} (ENOTDIR); make it writable`,
    )
    vi.stubEnv('XDG_CACHE_HOME', '/proc/nowhere')
    expect(() => cachePath()).toThrow(
      /^the cache cannot be written: \/proc\/nowhere\S* \(ENOENT\); make it writable, or set XDG_CACHE_HOME/,
    )
  })
})
