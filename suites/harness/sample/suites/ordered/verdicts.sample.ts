/** Each verdict once, as vitest brings it, and the ways in which a test can fail to say its own. */
import { expect, test } from 'vitest'
import type { Report } from '../../../../../harness/model/verdict.ts'

const says = (name: string, report: Partial<Report>, body: (skip: (why?: string) => void) => void = () => {}) =>
  test(name, ({ task, skip }) => {
    task.meta.report = { layer: 'sequence', verdict: 'conforms', lists: 1, calls: 2, ...report }
    body(skip)
  })
const throws = () => {
  throw new Error('as a test does that fails')
}

says('conforms', { trace: 'KVM_GET_API_VERSION -> ok = 0xc' })
says('drifts', { verdict: 'drifts', trace: 'KVM_RUN -> -EPERM', allowed: ['-EINTR (signal)'] })
says('violates', { verdict: 'violates', trace: 'KVM_RUN -> -EIO', allowed: ['-EPERM (too early)'] }, throws)
says('not offered', { verdict: 'not offered', why: 'no KVM_ARM_VCPU_SVE' }, (skip) => skip('no KVM_ARM_VCPU_SVE'))
says('known', { verdict: 'known', why: '6c7a5dce22b3', trace: 'KVM_RUN -> -EIO' })
says('broken', { verdict: 'broken', why: 'lost: the machine went away' }, throws)
says('conforms and then fails', {}, throws)

test('throws without a verdict', () => {
  expect(1 + 1).toBe(3)
})
test('passes without a verdict', () => {})
test.skip('is skipped without a reason', () => {})
says('has the id of', {})
says('has: the id of', {})
