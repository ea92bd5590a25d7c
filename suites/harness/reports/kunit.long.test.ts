/** KTAP as the kernel's own parser reads it: an incomplete run must not read as a success there. */
import { beforeAll, describe, expect, test } from 'vitest'
import { verdicts, type Verdict } from '../../../harness/model/verdict.ts'
import { ktap } from '../../../reports/formats/ktap.ts'
import type { Outcome } from '../../../reports/run/outcome.ts'
import { hasPython, kunitFolder, kunitOf } from './kunit.ts'
import { outcomes, run } from './sample-run.ts'

const as = (verdict: Verdict, i = 0): Outcome => ({ ...outcomes[2]!, test: `t-${i}`, verdict, why: 'why' })

const several = (verdict: Verdict): string => ktap(run, [as('conforms'), as(verdict, 1)])

describe('kunit_parser.py', () => {
  let folder = ''
  beforeAll(async () => {
    if (hasPython()) folder = await kunitFolder()
  }, 600_000)

  test.beforeEach(({ skip }) => {
    if (!hasPython()) skip('python3 is not installed')
  })

  test('reads every verdict as what it is', () => {
    const read = kunitOf(folder, ...verdicts.map(several))
    expect(verdicts.map((verdict, i) => [verdict, read[i]!.status, read[i]!.passed, read[i]!.errors])).toEqual([
      ['conforms', 'SUCCESS', 2, 0],
      ['drifts', 'SUCCESS', 2, 0],
      ['violates', 'FAILURE', 1, 0],
      ['not reproduced', 'FAILURE', 1, 0],
      ['not offered', 'SUCCESS', 1, 0],
      ['known', 'SUCCESS', 2, 0],
      ['broken', 'FAILURE', 1, 0],
    ])
  })

  test('reads the words that are worst for a format, and a run of nothing but skips', () => {
    const [sample, skipped] = kunitOf(folder, ktap(run, outcomes), ktap(run, [as('not offered'), as('not offered', 1)]))
    expect(sample).toEqual({ status: 'FAILURE', passed: 3, failed: 2, crashed: 0, skipped: 1, errors: 0 })
    expect(skipped).toMatchObject({ status: 'SKIPPED', skipped: 2, errors: 0 })
  })

  test('reads no success where tests were not played, nor where nothing was', () => {
    const good = [as('conforms'), as('conforms', 1)]
    const of = (tests?: { test: string; name: string }[]) => [
      { file: good[0]!.file, suite: good[0]!.suite, ...(tests && { tests }) },
    ]
    const elsewhere = [{ file: 'suites/ordered/run.test.ts', suite: 'ordered_run' }]
    const texts = [
      ktap(run, good, of([{ test: 'a', name: 'a' }])),
      ktap(run, good, of()),
      ktap(run, good, elsewhere),
      ktap(run, []),
      ktap(run, [], elsewhere),
    ]
    for (const { status, errors } of kunitOf(folder, ...texts)) {
      expect(errors).toBeGreaterThan(0)
      expect(['SUCCESS', 'SKIPPED']).not.toContain(status)
    }
  })

  test('notices a report that is cut off anywhere', () => {
    const lines = ktap(run, [as('conforms'), { ...as('conforms', 1), suite: 'other' }]).split('\n')
    const cut = lines.slice(0, -2).map((_, i) => lines.slice(0, i + 1).join('\n'))
    for (const { errors } of kunitOf(folder, ...cut)) expect(errors).toBeGreaterThan(0)
    expect(kunitOf(folder, lines.join('\n'))).toMatchObject([{ status: 'SUCCESS', errors: 0 }])
  })
})
