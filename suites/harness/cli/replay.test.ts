/** `replay`: the table judges what came, whatever answers stand in the file. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, commandReading, scratch } from '../command.ts'

const file = (text: string): string => {
  const path = join(scratch(), 'a.trace')
  writeFileSync(path, text)
  return path
}

const BUG = 'fixtures/traces/pmu-run-init.trace'
const JUDGED = '# conforms, judged as 6.12.107\n'

test('what a sound kernel answers conforms; where the file says something else, both are shown', async () => {
  const text = 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok\nKVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'
  expect(await command('replay', file(text))).toEqual({
    code: 0,
    err: '',
    out:
      'KVM_CREATE_VM(0)                        -> ok\nKVM_CREATE_VCPU(0)                      -> ok\n'
      + `KVM_ARM_VCPU_INIT(features[] = 0)       -> ok\nKVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL (not enabled)\n${JUDGED}`,
  })
  const { code, out } = await command('replay', file(`${text} -> -EPERM (too late)`))
  expect(out).toContain('-> -EINVAL (not enabled)   # the file says -EPERM (too late)\n')
  expect([code, out.endsWith(JUDGED)], out).toEqual([0, true])
})

test('a counterexample as a run wrote it: the broken kernel violates, the sound one conforms', async () => {
  // What 5.10 answers, as a run that judged it by the rules of 6.12 recorded it.
  const path = file('KVM_CREATE_VCPU(0x100000000) -> ok   # expected -EINVAL (id)\n')
  const wrong = await command('replay', path, '--target', 'mock:5.10-max-gicv3', '--release', '6.12')
  expect(wrong.out).toMatch(/^KVM_CREATE_VCPU.* -> ok +# expected -EINVAL \(.+\)$/m)
  expect(wrong.out).toMatch(
    /^# violates, judged as 6\.12\n# allowed there: -EINVAL \(.+\): .*\n# rule: harness\/abi\/.*:\d+$/m,
  )
  expect([wrong.code, wrong.err]).toEqual([1, ''])
  const right = await command('replay', path)
  expect(right.out).toMatch(/-> -EINVAL \(.+\) +# the file says ok$/m)
  expect(right.code).toBe(0)
})

test('a drift fails where that is asked for', async () => {
  const path = file('KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)\nKVM_RUN(immediate_exit)')
  const drifting = ['replay', path, '--target', 'mock:5.10-max-gicv3', '--release', '6.12']
  const { code, out } = await command(...drifting)
  expect(out).toMatch(/# expected -EINVAL \(PMU not set up\)\n# drifts, judged as 6\.12\n/)
  expect(code).toBe(0)
  expect((await command(...drifting, '--strict')).code).toBe(1)
})

test('a known bug of the release is no failure and no success', async () => {
  const { code, out } = await command('replay', BUG, '--target', 'mock:6.1-max-gicv3,erratum=38d7aacca092')
  expect(out).toMatch(/^# known, judged as 6\.1\.\d+: .*38d7aacca092/m)
  expect(code).toBe(4)
})

test('standard input is read to its end, and named where it is wrong', async () => {
  const { code, out } = await commandReading('KVM_GET_API_VERSION\n', 'replay', '-')
  expect([code, out]).toEqual([0, `KVM_GET_API_VERSION -> ok = 12\n${JUDGED}`])
  expect(await commandReading('KVM_GET_API_VERSIO\n', 'replay', '-')).toEqual({
    code: 2,
    out: '',
    err: 'error: standard input:1: no such ioctl "KVM_GET_API_VERSIO"; did you mean KVM_GET_API_VERSION?\n',
  })
  expect((await commandReading('', 'replay', '-')).err).toBe('error: standard input: there is no call in it\n')
})

test('a trace without calls is refused', async () => {
  const path = file('# nothing\n')
  expect(await command('replay', path)).toEqual({ code: 2, out: '', err: `error: ${path}: there is no call in it\n` })
})
