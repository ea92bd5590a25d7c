/** `diff`: what is worse on B fails, a skip that was a pass is a loss, and the same twice is no difference. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../harness/model/verdict.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse } from '../../../harness/table/notation.ts'
import { kinds, together, type Change } from '../../../reports/diff/change.ts'
import { diffOf, isWhole, isWorse } from '../../../reports/diff/diff.ts'
import { diffPage } from '../../../reports/diff/html.ts'
import { page as whole } from '../../../reports/html/page.ts'
import { diffJson } from '../../../reports/diff/json.ts'
import { openSide, type List, type Side } from '../../../reports/diff/side.ts'
import { testChanges } from '../../../reports/diff/tests.ts'
import { diffText, headings } from '../../../reports/diff/text.ts'
import type { Outcome } from '../../../reports/run/outcome.ts'
import { outcome } from '../reports/sample-run.ts'
import { command, scratch } from '../command.ts'

const list = (text: string): List => ({
  calls: withCreations(parse(text)).map(({ call }) => call),
  tests: ['a test'],
})

const between = async (a: string, b: string, ...lists: List[]) => diffOf(await openSide(a), await openSide(b), lists)
const of = (changes: readonly Change[], kind: Change['kind']) => changes.filter((change) => change.kind === kind)

const zero = list('KVM_ARM_VCPU_INIT(features[] = 1 << 7)')
const twice = list(`KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)\nKVM_RUN(immediate_exit)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)`)

describe('two hosts', () => {
  test('that are the same do not differ', async () => {
    const all = await between('6.12-max-gicv3', '6.12-max-gicv3', zero, twice)
    expect([all.changes, all.lists]).toEqual([[], 2])
    expect(isWorse(all, true)).toBe(false)
  })

  test('of two releases differ by rule, in lists of registers and in capabilities', async () => {
    const { changes } = await between('6.12-max-gicv3', '7.2-max-gicv3', zero)
    expect(of(changes, 'drift')).toContainEqual({
      kind: 'drift',
      what: 'KVM_ARM_VCPU_INIT',
      a: '-ENOENT (unknown feature)',
      b: '-EINVAL (not offered)',
      rule: 'KVM_ARM_VCPU_INIT/unknown feature/bit 7',
      times: 1,
      tests: ['a test'],
      trace: expect.stringContaining('-> -EINVAL (not offered)'),
    })
    expect(of(changes, 'lost').map(({ what }) => what)).toContain('ARM64_SYS_REG(3, 0, 10, 2, 2) in KVM_GET_REG_LIST')
    expect(of(changes, 'gained').map(({ what }) => what)).toContain('KVM_CAP_ARM_SEA_TO_USER')
    expect(isWorse({ changes } as Awaited<ReturnType<typeof diffOf>>, false)).toBe(true)
  })

  test('a kernel with a bug is a regression, and the one without it a progression', async () => {
    const [sound, broken] = ['mock:6.1-max-gicv3', 'mock:6.1-max-gicv3,erratum=38d7aacca092']
    const worse = await between(sound, broken, twice)
    expect(worse.changes.map(({ kind, what }) => [kind, what])).toEqual([['regression', 'KVM_ARM_VCPU_INIT']])
    expect(worse.changes[0]!.b).toMatch(/^kernel log: /)
    const better = await between(broken, sound, twice)
    expect(better.changes.map(({ kind }) => kind)).toEqual(['progression'])
    expect([isWorse(worse, false), isWorse(better, true)]).toEqual([true, false])
  })

  test('a bug that the recorded kernel is known to have is no difference to it, and one to a kernel without', async () => {
    const broken = 'mock:6.1-max-gicv3,erratum=38d7aacca092'
    expect((await between('6.1-max-gicv3', broken, twice)).changes).toEqual([])
    expect(of((await between('7.2-max-gicv3', broken, twice)).changes, 'regression')).toHaveLength(1)
  })

  test('values that are others each time are no difference', async () => {
    const counter = list('KVM_ARM_VCPU_INIT(0)\nKVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CNT)')
    const a = await openSide('6.12-max-gicv3')
    const b: Side = {
      ...a,
      play: async (calls) => {
        const playing = (await a.play(calls))!
        return { ...playing, answers: playing.answers.map((one, i) => (i === 3 ? { ...one, value: 77n } : one)) }
      },
    }
    expect((await diffOf(a, b, [counter])).changes).toEqual([])
    const other = list('KVM_ARM_VCPU_INIT(0)\nKVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))')
    const { changes } = await diffOf(a, b, [other])
    expect(changes.map(({ kind, what, b: is }) => [kind, what, is])).toEqual([
      ['regression', 'KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG)', 'ok = 0x4d'],
    ])
  })
})

test('a difference on a target that can be asked again counts only if it comes a second time', async () => {
  const a = await openSide('6.12-max-gicv3')
  const run = list('KVM_ARM_VCPU_INIT(0)\nKVM_RUN(immediate_exit)')
  const early = async (calls: List['calls']) => {
    const playing = (await a.play(calls))!
    return { ...playing, answers: playing.answers.map((one, i) => (i === 3 ? { ret: -5 } : one)) }
  }
  const once: Side = { ...a, play: early, again: async (calls) => (await a.play(calls))! }
  expect((await diffOf(a, once, [run])).changes).toEqual([])
  expect((await diffOf(a, { ...once, again: early }, [run])).changes.map(({ kind }) => kind)).toEqual(['regression'])
})

const ended = (verdict: Verdict, why?: string): Outcome => ({
  ...outcome('suites/ordered/run.test.ts', ['a sequence'], why === undefined ? {} : { why }),
  verdict,
})

test.each<[was: Verdict | undefined, is: Verdict | undefined, kind: Change['kind'] | undefined]>([
  ['conforms', 'conforms', undefined],
  ['conforms', 'drifts', 'drift'],
  ['conforms', 'violates', 'regression'],
  ['conforms', 'known', 'regression'],
  ['conforms', 'not offered', 'lost'],
  ['conforms', undefined, 'lost'],
  ['violates', 'not offered', 'lost'],
  ['violates', 'conforms', 'progression'],
  ['not offered', 'conforms', 'gained'],
  ['not offered', 'violates', 'regression'],
  ['not offered', undefined, undefined],
  [undefined, 'conforms', 'gained'],
  ['broken', 'conforms', 'gained'],
  ['broken', 'violates', 'regression'],
  ['conforms', 'broken', 'untold'],
  ['violates', 'not reproduced', 'untold'],
  ['not offered', 'broken', 'untold'],
  ['broken', 'broken', 'untold'],
])('a test that was %s and is %s', (was, is, kind) => {
  const [a, b] = [was, is].map((verdict) => (verdict === undefined ? [] : [ended(verdict, 'no SVE')]))
  expect(testChanges(a!, b!).map((change) => change.kind)).toEqual(kind === undefined ? [] : [kind])
})

test('what a run that was cut off did not play is not lost', () => {
  const [was] = [ended('conforms')]
  expect(testChanges([was], [], true).map(({ kind }) => kind)).toEqual(['untold'])
})

test.each([
  ['lost', 'untold', false],
  ['hung', 'untold', false],
] as const)(
  'of calls in which an agent was %s nothing is told, and no kernel is worse',
  async (outcome, kind, worse) => {
    const a = await openSide('6.12-max-gicv3')
    const b: Side = {
      ...a,
      play: async (calls) => {
        const { answers } = (await a.play(calls))!
        return { answers: answers.slice(0, 1), outcome, why: 'the cable', log: [] }
      },
    }
    const all = await diffOf(a, b, [zero])
    expect(all.changes.map((change) => change.kind)).toEqual([kind])
    expect([isWorse(all, true), isWhole(all)]).toEqual([worse, false])
    expect((await diffOf(b, a, [zero])).changes.map((change) => change.kind)).toEqual(['gained'])
  },
)

test('changes that are alike are one, with the shortest trace and every test', () => {
  const change: Change = { kind: 'drift', what: 'KVM_RUN', a: 'ok', b: '-EIO', times: 1, trace: 'long', tests: ['x'] }
  const all = together([change, { ...change, trace: 'a', tests: ['y'] }, { ...change, kind: 'regression' }])
  expect(all.map(({ kind, times, trace, tests }) => [kind, times, trace, tests])).toEqual([
    ['regression', 1, 'long', ['x']],
    ['drift', 2, 'a', ['x', 'y']],
  ])
})

test('text, JSON and page say the same', async () => {
  const all = await between('6.12-max-gicv3', '7.2-max-gicv3', zero)
  const text = diffText(all)
  for (const kind of kinds) expect(text).toMatch(new RegExp(`^${headings[kind]} +\\d`, 'm'))
  expect(JSON.parse(diffJson(all)).changes).toEqual(JSON.parse(JSON.stringify(all.changes)))
  const html = whole(diffPage(all))
  for (const { what } of all.changes) expect(html).toContain(what)
})

test('two runs: what one skips and the other passed is lost', async () => {
  const [a, b] = [scratch(), scratch()]
  const only = ['--only', 'ordered_create-device_']
  await command('run', ...only, '--reports', a)
  await command('run', ...only, '--reports', b, '--target', 'mock:6.12-max-novgic')
  const page = join(scratch(), 'diff.html')
  const { code, out, err } = await command('diff', a, join(b, 'results.json'), '--page', page)
  expect(err).toBe('')
  expect(out).toMatch(/^lost +[1-9]\d*\n {2}tests: conforms => not offered: /m)
  expect([code, existsSync(page)]).toEqual([1, true])
  expect(readFileSync(page, 'utf8')).toContain('not offered')
  const same = await command('diff', a, a)
  expect(same.out).toMatch(/^regressions {2}0\n\nlost {9}0\n/m)
  expect(same.code).toBe(0)
})

test('what is neither run, host nor target is refused', async () => {
  const { code, err } = await command('diff', 'nothing', '6.12-max-gicv3')
  expect(err).toMatch(/^error: nothing: no folder of a run, no file and no recorded host is called so; .*\n$/)
  expect(code).toBe(2)
  const folder = scratch()
  expect((await command('diff', folder, folder)).err).toMatch(/no run left its answers\.jsonl there/)
})
