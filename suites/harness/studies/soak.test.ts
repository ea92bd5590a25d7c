/** What a soak calls flat, and that it looks at the right things. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Held, sampleOf, trends } from '../../../harness/studies/soak.ts'

const hour = (held: (second: number) => Held) =>
  trends(Array.from({ length: 3600 }, (_, second) => ({ seconds: second, held: new Map([['QEMU', held(second)]]) })))

it.each<[string, boolean, boolean, (second: number) => Held]>([
  ['what stays', true, true, () => ({ mebibytes: 300, descriptors: 20 })],
  ['a collector that comes and goes', true, true, (s) => ({ mebibytes: 300 + (s % 60), descriptors: 20 + (s % 2) })],
  [
    'what grows in the first half alone',
    true,
    true,
    (s) => ({ mebibytes: Math.min(300, s), descriptors: Math.min(s, 90) }),
  ],
  ['a descriptor every five minutes', true, false, (s) => ({ mebibytes: 300, descriptors: 20 + Math.floor(s / 300) })],
  ['a tenth of a megabyte each second', false, true, (s) => ({ mebibytes: 300 + s / 10, descriptors: 20 })],
  ['what becomes less', true, true, (s) => ({ mebibytes: 900 - s / 10, descriptors: 900 - s / 10 })],
])('%s: memory flat %s, descriptors flat %s', (_, memory, descriptors, held) => {
  expect(hour(held).map(({ what, isFlat }) => [what, isFlat])).toEqual([
    ['mebibytes', memory],
    ['descriptors', descriptors],
  ])
})

it('sees the descriptors and the memory of a process, and its children', async () => {
  const before = sampleOf(process.pid, 0).held.get('main process')!
  const opened = Array.from({ length: 9 }, () => openSync('/dev/null', 'r'))
  const kept = Buffer.alloc(64 << 20, 1)
  const after = sampleOf(process.pid, 0).held.get('main process')!
  for (const fd of opened) closeSync(fd)
  expect(after.descriptors).toBe(before.descriptors + 9)
  expect(after.mebibytes - before.mebibytes).toBeGreaterThan(kept.length / 2 ** 20 - 32)
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  expect(sampleOf(process.pid, 0).held.get('test processes')!.mebibytes).toBeGreaterThan(20)
  child.kill()
})
