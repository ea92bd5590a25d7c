/** A target that speaks a dialect, as its designer uses it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from '../../../harness/table/notation.ts'
import { mockHost } from '../../../harness/targets/open-mock.ts'
import { command, scratch } from '../command.ts'
import { complaint } from './complaint.ts'

const target = 'mock,dialect=seal-then-finalize'

test('plays the sequences and laws of the dialect', async () => {
  const { code, out } = await command('run', '--target', target, '--only', 'suites/proposed', '--reports', scratch())
  expect(out).toMatch(/^3 passed, 0 failed, 0 skipped$/m)
  expect(code).toBe(0)
})

test('is not offered what it answers otherwise than what shipped, and says how', async () => {
  const only = ['--only', 'suites/ordered/arm-vcpu-finalize', '--reports', scratch()]
  const { code, out } = await command('run', '--target', target, ...only)
  expect(out).toMatch(
    /^ +\d+ {2}seal-then-finalize answers otherwise than what shipped: the table answers -EPERM \(not sealed\)/m,
  )
  expect(out).toMatch(/^\d+ passed, 0 failed, [1-9]\d* skipped$/m)
  expect(code).toBe(0)
})

test('replays a trace in its words, which what shipped does not know', async () => {
  const text = 'KVM_ARM_VCPU_SEAL -> -ENOEXEC (not initialised)\n'
  const file = join(scratch(), 'seal.trace')
  writeFileSync(file, text)
  const { code, out } = await command('replay', file, '--target', target)
  expect(out).toMatch(/^KVM_ARM_VCPU_SEAL +-> -ENOEXEC \(not initialised\)$/m)
  expect(code).toBe(0)
  expect(complaint(() => parse(text, 'seal.trace'))).toMatch(/seal\.trace:1: no such ioctl "KVM_ARM_VCPU_SEAL"/)
})

test('that nobody knows, or on a host that nobody recorded, is refused', () => {
  const at = (host: string | undefined, dialect: string) =>
    complaint(() => mockHost({ kind: 'mock', ...(host !== undefined && { host }), dialect }))
  expect(at(undefined, 'finalise-2019')).toContain('did you mean finalize-2019?')
  expect(at('nowhere', 'finalize-2019')).toContain('nowhere')
})
