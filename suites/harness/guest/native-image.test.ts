/** What goes into a guest that runs the whole project, and what is read of what comes back. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it, vi } from 'vitest'
import { nativePairs } from '../../../harness/studies/matrix/columns.ts'
import { kept } from '../../../harness/guest/kept.ts'
import { cpio } from '../../../harness/guest/initramfs.ts'
import { readReports, runInGuest } from '../../../harness/guest/native-guest.ts'
import { inGuestCache, nativeSystem, projectFiles, withFolders } from '../../../harness/guest/native-image.ts'
import { parseTarget, type Target } from '../../../harness/model/target.ts'
import { scratch } from '../command.ts'

type QemuTarget = Extract<Target, { kind: 'qemu' }>

const entry = (name: string) => ({ name, mode: 0o100644, data: Buffer.from(name) })

it('folders come before what is in them, each once', () => {
  const entries = withFolders([
    { name: 'dev', mode: 0o040755 },
    entry('dev/a'),
    entry('b/c/d'),
    entry('b/e'),
    entry('f'),
  ])
  expect(entries.map(({ name }) => name)).toEqual(['dev', 'dev/a', 'b', 'b/c', 'b/c/d', 'b/e', 'f'])
  expect(
    execFileSync('cpio', ['-t', '--quiet'], { input: cpio(entries), encoding: 'utf8' })
      .split('\n')
      .slice(0, 7),
  ).toEqual(entries.map(({ name }) => name))
})

it('the project is what git knows and does not ignore', async () => {
  const files = await projectFiles()
  expect(files).toEqual(
    expect.arrayContaining(['package.json', 'harness/bin.js', 'harness/agent/agent.ts', 'vitest.config.ts']),
  )
  expect(files.filter((name) => /^(node_modules|reports\/out|\.git)\//.test(name))).toEqual([])
})

it('what was compiled lies in the guest where the project looks for it there', async () => {
  const ours = scratch()
  vi.stubEnv('XDG_CACHE_HOME', ours)
  const home = await kept('programs', 'agent.so-arm64-0', {
    needs: [],
    purpose: '',
    fill: (draft) => writeFileSync(join(draft, 'agent.so'), 'library', { mode: 0o755 }),
  })
  const entries = inGuestCache(join(home, 'agent.so'))
  // HOME is /root there, and nothing says that the cache is elsewhere.
  const there = join('root/.cache', relative(ours, home))
  expect(entries.map(({ name, mode }) => [name, mode & 0o777])).toEqual([
    [join(there, 'agent.so'), 0o755],
    [join(there, 'manifest.json'), 0o644],
  ])
  vi.unstubAllEnvs()
})

it('reports are read once they are whole', () => {
  const whole = Buffer.from('1\nresults.json 3\n{}\ntraces/a b.trace 0\njunit.xml 5\nab\n.\n.\n')
  // junit.xml holds what looks like an end.
  const { status, files } = readReports(whole)!
  expect(status).toBe(1)
  expect([...files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
    ['results.json', '{}\n'],
    ['traces/a b.trace', ''],
    ['junit.xml', 'ab\n.\n'],
  ])
  for (let size = 0; size < whole.length; size++)
    expect(readReports(whole.subarray(0, size)), String(size)).toBeUndefined()
})

it('a kernel without modules of ours is refused in one line', async () => {
  await expect(runInGuest(parseTarget('qemu:/tmp/Image') as QemuTarget, ['x'], () => {})).rejects.toThrow(
    /only in guests with a kernel of Debian's|qemu-system-aarch64 is needed/,
  )
})

it('a missing compiler is named with its package', async () => {
  vi.stubEnv('PATH', '/nowhere')
  await expect(nativeSystem()).rejects.toThrow(
    /^aarch64-linux-gnu-g\+\+ is needed to .* on Debian: apt install g\+\+-aarch64-linux-gnu$/,
  )
  vi.unstubAllEnvs()
})

it('each native column is asked from outside, too, as the same machine', () => {
  for (const [outside, inside] of nativePairs) {
    expect(inside).toEqual({ ...outside, name: `${outside.name}-native`, native: true })
    expect(parseTarget(inside.target).kind).toBe('qemu')
  }
})
