/** The project inside a guest, with Node and ffi-napi, on that guest's own /dev/kvm. */
import { expect, it } from 'vitest'
import { runInGuest } from '../../../harness/guest/native-guest.ts'
import { parseTarget, type Target } from '../../../harness/model/target.ts'
import { nativePairs } from '../../../harness/studies/matrix/columns.ts'
import { skipWithout } from '../skip-without.ts'

type QemuTarget = Extract<Target, { kind: 'qemu' }>

it('the project runs inside a guest, on its own /dev/kvm', { timeout: 1_200_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-g++')
  let said = ''
  const { status, files } = await runInGuest(
    parseTarget(nativePairs[0]![1].target) as QemuTarget,
    [
      '/usr/bin/node',
      'harness/bin.js',
      'run',
      '--target',
      'native',
      '--only',
      'laws_arm-vcpu-init',
      '--cpu',
      '1',
      '--reports',
      '/reports',
    ],
    (text) => {
      said += text
    },
  )
  expect([status, said]).toEqual([0, expect.stringMatching(/^[1-9]\d* passed, 0 failed, \d+ skipped$/m)])
  const results = JSON.parse(files.get('results.json')!.toString()) as { target: string; kernel: string }
  expect(results).toMatchObject({ target: 'native,cpu=1', kernel: expect.stringContaining('arm64') })
  expect(files.get('answers.jsonl')!.length).toBeGreaterThan(1000)
})
