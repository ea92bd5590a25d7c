/** What a run cannot see is said: on machines that are made up of files. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { errnos } from '../../../harness/names/index.ts'
import type { ProbeTarget } from '../../../harness/probe/player.ts'
import { blindSpots } from '../../../harness/probe/blind-spots.ts'

type Files = Record<string, string | Buffer | number>

const DEBUGFS = '/sys/kernel/debug',
  REARM = `${DEBUGFS}/clear_warn_once`
const whole: Files = {
  '/dev/kmsg': '6,1,2,-;Booting',
  '/proc/mounts': `debugfs ${DEBUGFS} debugfs rw 0 0\n`,
  [DEBUGFS]: -errnos.EISDIR,
  [REARM]: -errnos.EACCES,
  '/proc/self/status': 'Name:\tagent\nUid:\t0\t0\t0\t0\n',
  '/sys/devices/system/cpu/online': '0-1\n',
  '/proc/sys/kernel/tainted': '0\n',
}

/** An agent on a machine with these files, of which it reads as much as it is asked for. */
const machineOf = (files: Files): ProbeTarget => ({
  greeting: { impl: 'none', release: '6.12.0', version: '#1', machine: 'aarch64' },
  play: async (ops) => {
    const answers: { ret: number; data: string[] }[] = []
    let read = Buffer.alloc(0)
    for (const op of ops.split(' ')) {
      const [kind, place = '', size = '', path = ''] = op.split(',')
      if (kind === 'l') {
        const file = files[Buffer.from(path, 'hex').toString()] ?? -errnos.ENOENT
        read = typeof file === 'number' ? Buffer.alloc(0) : Buffer.from(file).subarray(0, Number(`0x${size}`))
        answers.push({ ret: typeof file === 'number' ? file : read.length, data: [] })
      } else {
        const from = Number(`0x${place.slice(2)}`)
        answers.at(-1)!.data.push(read.toString('hex', from, from + Number(`0x${size}`)).replace(/(00)+$/, ''))
      }
    }
    return { outcome: 'done', answers, log: [] }
  },
})

const noDebugfs: Files = { '/proc/mounts': 'proc /proc proc rw 0 0\n', [REARM]: -errnos.ENOENT }
const config = (text: string): Files => ({
  ...noDebugfs,
  '/proc/config.gz': gzipSync(`# ${'x'.repeat(9000)}\n${text}\n`),
})

test.each<[name: string, change: Files, says: RegExp[]]>([
  ['nothing is hidden', {}, []],
  ['a kernel log that only root may read', { '/dev/kmsg': -errnos.EPERM }, [/^the kernel log, and so no WARN.*EPERM$/]],
  ['a kernel log with nothing new', { '/dev/kmsg': -errnos.EAGAIN }, []],
  ['no CONFIG_BUG, by debugfs', { [REARM]: -errnos.ENOENT }, [/^WARN: .*CONFIG_BUG$/]],
  ['no CONFIG_BUG, by the configuration', config('# CONFIG_BUG is not set'), [/^WARN: .*CONFIG_BUG$/]],
  ['CONFIG_BUG without debugfs', config('CONFIG_BUG=y'), [/^a WARN_ONCE again .*is debugfs mounted\?/]],
  ['no way to tell', noDebugfs, [/^whether WARN is built in: /, /^a WARN_ONCE again /]],
  ['an agent that is not root', { '/proc/self/status': 'Uid:\t1000\t1000\n' }, [/^a WARN_ONCE again .*not root/]],
  ['one cpu', { '/sys/devices/system/cpu/online': '0\n' }, [/between cpus: one is online$/]],
  ['a kernel that had warned', { '/proc/sys/kernel/tainted': '512\n' }, [/WARN_ONCE has said before .*512/]],
  ['a kernel that had an oops', { '/proc/sys/kernel/tainted': '128\n' }, [/oops before the run .*128/]],
])('%s', async (_, change, says) => {
  expect(await blindSpots(machineOf({ ...whole, ...change }))).toEqual(says.map((text) => expect.stringMatching(text)))
})

test('an agent that knows no look is no fault, and is said', async () => {
  const old: ProbeTarget = {
    ...machineOf({}),
    play: async () => ({ outcome: 'bad', answers: [], log: [], why: 'op 1: no such op' }),
  }
  expect(await blindSpots(old)).toEqual([expect.stringMatching(/looks at no files \(op 1: no such op\)/)])
})
