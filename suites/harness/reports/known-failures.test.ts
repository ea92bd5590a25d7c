/** A user's own list of known failures: what it covers, and what it never does. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KnownFailures } from '../../../reports/run/known-failures.ts'
import type { Outcome } from '../../../reports/run/outcome.ts'
import { scratch } from '../command.ts'

const listed = (...lines: string[]): KnownFailures => {
  const file = join(scratch(), 'known.txt')
  writeFileSync(file, lines.join('\n'))
  return new KnownFailures(file)
}
const outcome = (more: Partial<Outcome>): Outcome => ({
  suite: 'ordered_run',
  test: 'too-early',
  file: 'suites/ordered/run.test.ts',
  name: 'too early',
  names: ['too early'],
  layer: 'sequence',
  verdict: 'violates',
  details: [],
  begun: 0,
  ms: 0,
  lists: 1,
  calls: 1,
  ...more,
})
const [EIO, EBUSY] = ['KVM_RUN -> -EIO, expected -EPERM', 'KVM_RUN -> -EBUSY, expected -EPERM']
const finding = (cause: string) => ({ verdict: 'violates' as const, cause, layer: 'sequence' as const })

test('a violation is known by its id, its file, its name or its cause, and its reason and place are told', () => {
  for (const text of ['ordered_run_too-early', 'suites/ordered/run', 'too early', 'KVM_RUN -> -EIO', 'KVM_RUN*EPERM']) {
    const known = listed('# ours', '', `${text}   # patch 17`).judge(outcome({ cause: EIO }))
    expect(known).toMatchObject({ verdict: 'known', why: 'listed in known.txt:3: patch 17' })
    expect(known.details[0]).toBe(`violates: ${EIO}`)
  }
})

test.each<[string, Partial<Outcome>]>([
  ['another test', { test: 'late', name: 'late' }],
  ['what is broken', { verdict: 'broken' }],
  ['what did not come again', { verdict: 'not reproduced' }],
  ['what was not offered', { verdict: 'not offered' }],
])('%s stays as it is', (_, more) => {
  const given = outcome(more)
  expect(listed('ordered_run_too-early # patch 17').judge(given)).toBe(given)
})

test('a test that found something beside what is listed still violates', () => {
  const both = outcome({ cause: EIO, counterexamples: [finding(EIO), finding(EBUSY)] })
  expect(listed(`${EIO} # patch 17`).judge(both)).toBe(both)
  const whole = listed(`${EIO} # patch 17`, `${EBUSY} # patch 18`).judge(both)
  expect([whole.verdict, whole.why]).toEqual([
    'known',
    'listed in known.txt:1: patch 17; listed in known.txt:2: patch 18',
  ])
  expect(whole.counterexamples!.map(({ verdict }) => verdict)).toEqual(['known', 'known'])
})

test('what is listed and conforms can be struck off, but not what failed elsewhere', () => {
  const list = listed('too early # patch 17', 'KVM_RUN # patch 18', 'never played # patch 19')
  list.judge(outcome({ verdict: 'conforms' }))
  list.judge(outcome({ test: 'late', name: 'late', cause: EIO }))
  expect(list.notes()).toEqual(['known.txt:1: "too early" is listed as known, and conforms'])
})

test('a line without a reason is refused, with its place', () => {
  expect(() => listed('a # b', 'no reason')).toThrow(/^known\.txt:2: "no reason" is no known failure; /)
  expect(() => new KnownFailures('/no/such')).toThrow(/^\/no\/such: cannot be read \(ENOENT\)$/)
})
