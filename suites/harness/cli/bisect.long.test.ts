/** `bisect` on Debian's kernels, judged as the oldest of them: where they part. */
import { expect, test } from 'vitest'
import { command } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

test('6.12 is the first that looks at all bits of a vcpu id', { timeout: 600_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64')
  const kernels = ['5.10', '6.1', '6.12', '7.2'].map((release) => `qemu:${release}`)
  const { code, out } = await command('bisect', ...kernels, '--release', '5.10', '--only', 'ordered_create-vcpu_')
  expect(out).toMatch(/\nfirst +qemu:6\.12: 1 test other than on qemu:5\.10\n.*: conforms => violates\n/)
  expect(code).toBe(1)
})
