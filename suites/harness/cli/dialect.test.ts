/** A target that speaks a dialect, as its designer uses it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, scratch } from '../command.ts'

test('plays the sequences and laws of the dialect', async () => {
  const target = 'mock,dialect=seal-then-finalize'
  const { code, out } = await command('run', '--target', target, '--only', 'suites/proposed', '--reports', scratch())
  expect(out).toMatch(/^3 passed, 0 failed, 0 skipped$/m)
  expect(code).toBe(0)
})

test('is not offered what it answers otherwise than what shipped, and says how', async () => {
  const reports = scratch()
  const only = ['--only', 'suites/ordered/arm-vcpu-finalize', '--reports', reports]
  const { code, out } = await command('run', '--target', 'mock,dialect=seal-then-finalize', ...only)
  expect(out).toMatch(
    /^ +\d+ {2}seal-then-finalize answers otherwise than what shipped: the table answers -EPERM \(not sealed\)/m,
  )
  expect(out).toMatch(/^\d+ passed, 0 failed, [1-9]\d* skipped$/m)
  expect(code).toBe(0)
})

test('replays a trace in its words, which what shipped does not know', async () => {
  const file = join(scratch(), 'seal.trace')
  writeFileSync(file, 'KVM_ARM_VCPU_SEAL -> -ENOEXEC (not initialised)\n')
  const spoken = await command('replay', file, '--target', 'mock,dialect=seal-then-finalize')
  expect(spoken.out).toMatch(/^KVM_ARM_VCPU_SEAL +-> -ENOEXEC \(not initialised\)$/m)
  expect(spoken.code).toBe(0)
  const shipped = await command('replay', file)
  expect(shipped.err).toMatch(/seal\.trace:1: no such ioctl "KVM_ARM_VCPU_SEAL"/)
  expect(shipped.code).toBe(2)
})

test.each([
  ['mock,dialect=finalise-2019', 'did you mean finalize-2019?'],
  ['mock:nowhere,dialect=finalize-2019', 'nowhere'],
])('%s is refused in one line', async (target, says) => {
  const { code, out, err } = await command('run', '--target', target, '--reports', scratch())
  expect(out + err).toMatch(/^error: [^\n]+\n$/)
  expect(err).toContain(says)
  expect(code).toBe(2)
})
