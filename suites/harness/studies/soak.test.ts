/** What a soak calls flat, and that it looks at the right things. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AgentLink } from '../../../harness/link/agent-link.ts'
import { heldBy, heldByGuests } from '../../../harness/studies/soak/guests.ts'
import { heldByProcesses } from '../../../harness/studies/soak/processes.ts'
import { type Held, trends } from '../../../harness/studies/soak/trends.ts'
import { poolOf } from '../../../harness/targets/pool.ts'

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
  const before = heldByProcesses(process.pid).get('main process')!
  const opened = Array.from({ length: 9 }, () => openSync('/dev/null', 'r'))
  const kept = Buffer.alloc(64 << 20, 1)
  const after = heldByProcesses(process.pid).get('main process')!
  for (const fd of opened) closeSync(fd)
  expect(after['descriptors']).toBe(before['descriptors']! + 9)
  expect(after['mebibytes']! - before['mebibytes']!).toBeGreaterThan(kept.length / 2 ** 20 - 32)
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  expect(heldByProcesses(process.pid).get('test processes')!['mebibytes']).toBeGreaterThan(20)
  child.kill()
})

const MEMINFO = `MemTotal:         984452 kB
MemFree:          901128 kB
MemAvailable:     932228 kB
Slab:              31104 kB
SUnreclaim:        24576 kB
`

describe('a guest', () => {
  const files = [MEMINFO, '288\t0\t96921\n']
  const guest = async (): Promise<AgentLink> => ({
    greeting: { impl: 'fake', release: '6.12', version: '#1', machine: 'aarch64' },
    ended: new Promise(() => {}),
    close: async () => {},
    play: async (ops) => ({
      outcome: 'done',
      log: [],
      answers: files.map((text, i) => ({
        ret: text.length,
        data: Array.from({ length: ops.split(/ ?l,/)[i + 1]!.split(' x,').length - 1 }, (_, n) =>
          Buffer.from(text.slice(n * 0x1000, (n + 1) * 0x1000)).toString('hex'),
        ),
      })),
    }),
  })

  it('tells what it holds: memory without droppable caches, what its kernel cannot drop, open files', async () => {
    const held = { mebibytes: (984452 - 932228) / 1024, 'kernel MiB': 24, descriptors: 288 }
    expect(heldBy(files[0]!, files[1]!)).toEqual(held)
    const pool = await poolOf('fake', { open: guest }, 2)
    expect([...(await heldByGuests(pool))]).toEqual([
      ['guest 1', held],
      ['guest 2', held],
    ])
    await pool.close()
  })

  it('that does not say is left out', () => {
    expect(heldBy('', files[1]!)).toBeUndefined()
    expect(heldBy(MEMINFO, '')).toBeUndefined()
    expect(heldBy(MEMINFO.replace('SUnreclaim', 'X'), files[1]!)).toBeUndefined()
  })

  it.each<[string, string[], (second: number) => Held]>([
    ['leaks 16 KiB a second', ['mebibytes'], (s) => ({ mebibytes: 60 + s / 64, 'kernel MiB': 24, descriptors: 288 })],
    [
      'leaks two KiB of its kernel a second',
      ['kernel MiB'],
      (s) => ({ mebibytes: 60 + s / 512, 'kernel MiB': 24 + s / 512, descriptors: 288 }),
    ],
    [
      'leaks an open file a minute',
      ['descriptors'],
      (s) => ({ mebibytes: 60, 'kernel MiB': 24, descriptors: 288 + Math.floor(s / 60) }),
    ],
    [
      'comes and goes',
      [],
      (s) => ({ mebibytes: 60 + (s % 9), 'kernel MiB': 24 + (s % 2), descriptors: 288 + (s % 7) }),
    ],
  ])('that %s', (_, growing, held) => {
    expect(hour(held).flatMap(({ what, isFlat }) => (isFlat ? [] : [what]))).toEqual(growing)
  })
})
