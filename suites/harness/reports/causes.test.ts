/** One thing that many tests find is told once, where its trace is the shortest; every test keeps its own result. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Report } from '../../../harness/model/verdict.ts'
import { allureReport } from '../../../reports/formats/allure.ts'
import { causesOf } from '../../../reports/formats/causes.ts'
import { explain } from '../../../reports/formats/explain.ts'
import { junit } from '../../../reports/formats/junit.ts'
import { ktap } from '../../../reports/formats/ktap.ts'
import { causeOf } from '../../../reports/run/cause.ts'
import { folder } from '../../../reports/run/folder.ts'
import { readKtap } from './ktap-reader.ts'
import { outcome, run } from './sample-run.ts'
import { readXml } from './xml-reader.ts'

const trace = (before: string, last: string) =>
  `KVM_CREATE_VM(0)\n${'KVM_CREATE_VCPU(0)\nKVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)\n'}${before}`
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line} -> ok`)
    .concat(last)
    .join('\n')

const wrong = 'KVM_RUN(immediate_exit) -> -EIO'
const LONG = 'KVM_CREATE_VCPU(1)'
const rule = '-EPERM (too early): A vcpu with SVE runs once SVE is finalized. [api.rst 4.10]'
const violating = (layer: Report['layer'], before: string, allowed: string[]): Partial<Report> => ({
  layer,
  verdict: 'violates',
  trace: trace(before, wrong),
  allowed,
})

const all = [
  outcome('suites/any-order/any-order.test.ts', ['any order'], violating('any order', LONG, [rule, '-EINTR (signal)'])),
  outcome('suites/laws/finalize.test.ts', ['a law'], violating('law', '', ['-EPERM [api.rst 4.119]'])),
  outcome('suites/ordered/run.test.ts', ['a sequence'], violating('sequence', '', [rule])),
  outcome('suites/ordered/run.test.ts', ['a long sequence'], violating('sequence', LONG, [rule])),
  outcome('suites/ordered/run.test.ts', ['something else'], {
    ...violating('sequence', '', ['ok']),
    trace: 'KVM_GET_API_VERSION -> -EIO',
  }),
]
const CAUSE = 'KVM_RUN -> -EIO, expected -EPERM (too early)'

describe('a cause', () => {
  const cause = (report: Partial<Report>) => causeOf({ verdict: 'violates', ...report }, run)

  test('is the call, its answer and the rule that is due, whichever test found it', () => {
    expect(all.map((o) => o.cause)).toEqual([CAUSE, CAUSE, CAUSE, CAUSE, 'KVM_GET_API_VERSION -> -EIO, expected ok'])
  })

  test('has the names in an argument where no rule says what it is about, and no numbers', () => {
    const attr = (value: string) =>
      `KVM_CREATE_VM(0) -> ok\ngic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
       gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &${value}) -> -EIO`
    expect(cause({ trace: attr('64') })).toBe('KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS) -> -EIO, expected ok')
    expect(cause({ trace: attr('96') })).toBe(cause({ trace: attr('64') }))
    expect(cause({ trace: attr('32') })).toBe('KVM_SET_DEVICE_ATTR -> -EIO, expected -EINVAL (number of interrupts)')
  })

  test('is what a law says where the table allows the answer', () => {
    const allowed = ['-ENOENT or -EINVAL [api.rst 4.3]']
    expect(cause({ trace: 'KVM_GET_API_VERSION -> ok = 0xc', allowed })).toBe(
      'KVM_GET_API_VERSION -> ok, expected -ENOENT or -EINVAL',
    )
  })

  test('is the place in the kernel log before all else, without what is another each time', () => {
    const at = (cpu: number) => ({
      trace: `KVM_CREATE_VM(0) -> ok`,
      log: [`4,WARNING: CPU: ${cpu} PID: ${cpu + 70} at arch/arm64/kvm/reset.c:117 x+0x${cpu}c/0x80`],
    })
    expect(cause(at(1))).toBe('kernel log: WARNING: at arch/arm64/kvm/reset.c:117 x+/')
    expect(cause(at(2))).toBe(cause(at(1)))
  })

  test('of a call that does not return is that call, and how it ended', () => {
    expect(
      cause({ verdict: 'broken', trace: 'KVM_CREATE_VM(0)', why: 'hung: no answer within 10 s; so it was once more' }),
    ).toBe('KVM_CREATE_VM: hung: no answer within 10 s')
  })

  test('of sequences that contradict the table is what they contradict, not where', () => {
    const says = 'the table answers -EIO (dead VM) to KVM_RUN here, the sequence says ok'
    const at = (where: string) => cause({ verdict: 'broken', why: `suites/ordered/${where}: ${says}` })
    expect([at('run.test.ts:31'), at('vgic-run.test.ts:8')]).toEqual([says, says])
  })

  test('is none where nothing failed', () => {
    expect(cause({ verdict: 'conforms', trace: wrong })).toBeUndefined()
    expect(cause({ verdict: 'not offered', why: 'no SVE' })).toBeUndefined()
  })
})

test('of several tests the one with the shortest trace is shown, and of those the one that names the rule', () => {
  const [first, second] = causesOf(all).values()
  expect([first!.text, first!.shown.name, first!.tests.length]).toEqual([CAUSE, 'a sequence', 4])
  expect([second!.shown.name, second!.tests.length]).toEqual(['something else', 1])
})

test('a test that found several things is of each of these causes', () => {
  const [one, , , , other] = all
  const both = { ...one!, counterexamples: [...one!.counterexamples!, ...other!.counterexamples!] }
  expect([...causesOf([both, other!]).values()].map(({ tests }) => tests.length)).toEqual([1, 2])
})

/** How often a text has a line of the trace that is shown, and of one that is not. */
const times = (text: string) => [
  text.split(wrong.replace('>', '&gt;')).length - 1 + text.split(wrong).length - 1,
  text.includes(LONG),
]

test('KTAP has the trace once, and a line for the others, all of which have their result', () => {
  const text = ktap(run, all)
  expect(times(text)).toEqual([1, false])
  const results = readKtap(text).results.flatMap(({ subtests }) => subtests)
  expect(results.map(({ ok }) => ok)).toEqual([false, false, false, false, false])
  expect(results.map(({ diagnostics: [head] }) => head)).toEqual(all.map((o) => `violates: ${o.cause}`))
  expect(results[1]!.diagnostics.slice(1)).toEqual(['  same cause as ordered_run_a-sequence, which has the trace'])
  expect(results[2]!.diagnostics.slice(-5)).toEqual([
    '  4 tests of this cause:',
    ...[
      'any-order_any-order_any-order',
      'laws_finalize_a-law',
      'ordered_run_a-sequence',
      'ordered_run_a-long-sequence',
    ].map((id) => `  ${id}`),
  ])
})

test('JUnit has the trace once, and the cause as the message of each failure', () => {
  const text = junit(run, all)
  expect(times(text)).toEqual([1, false])
  const failures = readXml(text)
    .children.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'))
    .map(({ children }) => children.find(({ name }) => name === 'failure')!)
  expect(failures.map(({ attributes }) => attributes.message)).toEqual(all.map(({ cause }) => cause))
  expect(failures[0]!.text).toBe('same cause as ordered_run_a-sequence, which has the trace')
})

test('Allure has the trace once, though a shorter one may come later than a long one', () => {
  const path = mkdtempSync(join(tmpdir(), 'allure-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const report = allureReport(
    folder(path, (line) => {
      throw new Error(line)
    }),
  )
  report.start!(run)
  for (const one of all) report.result!(one)
  report.write!(all, { interrupted: false, unplayed: [], ms: 1, notes: [] })
  const shown = readdirSync(join(path, 'allure-results'))
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(path, 'allure-results', name), 'utf8')))
    .map(({ name, statusDetails: { message, trace } }) => [name, message, trace.split('\n').at(-1)])
    .toSorted()
  const same = 'same cause as ordered_run_a-sequence, which has the trace'
  expect(shown).toEqual([
    ['a law', CAUSE, same],
    ['a long sequence', CAUSE, same],
    ['a sequence', CAUSE, 'ordered_run_a-long-sequence'],
    ['any order', CAUSE, same],
    ['something else', 'KVM_GET_API_VERSION -> -EIO, expected ok', 'allowed here: ok'],
  ])
})

test('a person is told the cause, its trace and the tests', () => {
  const [first] = causesOf(all).values()
  const lines = explain(first!, run, { write: () => {}, isTTY: false, hasColours: false, columns: 80 }, 'out/7')
  expect(lines).toEqual([
    `violates: ${CAUSE}`,
    ...trace('', wrong)
      .split('\n')
      .map((line) => `    ${line}`),
    `    allowed here: ${rule}`,
    '  in 4 tests:',
    '    suites/ordered/run.test.ts > a sequence',
    '    suites/any-order/any-order.test.ts > any order',
    '    suites/laws/finalize.test.ts > a law',
    '    suites/ordered/run.test.ts > a long sequence',
    expect.stringMatching(/^  rule: harness\/abi\/ioctls\/run\.ts:\d+$/),
    '  again: node harness/bin.js replay --target qemu:6.12,gic=2 --release 6.12 out/7/traces/ordered_run_a-sequence.trace',
    '',
  ])
})
