/** conformance.ktap is read by a strict reader whatever is in it, and says of each verdict what it is. */
import fc from 'fast-check'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folder } from '../../../reports/run/folder.ts'
import { ktap, ktapReport } from '../../../reports/formats/ktap.ts'
import { verdicts } from '../../../harness/model/verdict.ts'
import { expectGolden } from '../golden.ts'
import { readKtap } from './ktap-reader.ts'
import { outcomes, run } from './sample-run.ts'

const flat = (text: string) =>
  readKtap(text).results.flatMap((suite) => suite.subtests.map((t) => ({ ...t, id: `${suite.id}_${t.id}` })))

test('every verdict has its home', () => {
  const text = ktap(run, outcomes)
  expectGolden('conformance.ktap', text)
  const said = new Map(flat(text).map((t) => [t.id, [t.ok, t.directive, t.reason]]))
  expect(outcomes.map((o) => [o.verdict, ...said.get(`${o.suite}_${o.test}`)!])).toEqual([
    ['broken', false, 'ERROR', 'lost: the agent said "<bye]]>\\x00" \\x1b[31mand went\\x1b[0m'],
    ['drifts', true, undefined, undefined],
    ['conforms', true, undefined, undefined],
    ['violates', false, undefined, undefined],
    ['not offered', true, 'SKIP', 'KVM_CAP_ARM_PTRAUTH_ADDRESS = 0 # TODO and so on'],
    ['known', true, 'XFAIL', '6c7a5dce22b3'],
  ])
})

test('a suite fails with one of its tests, and is skipped where all of them are', () => {
  const { results } = readKtap(ktap(run, outcomes))
  expect(results.map(({ id, ok, directive }) => [id, ok, directive])).toEqual([
    ['any-order_any-order', false, undefined],
    ['laws_create-vm', true, undefined],
    ['ordered_arm-vcpu-finalize', false, undefined],
    ['ordered_vgic-v3', true, 'SKIP'],
  ])
})

test('a drift fails where drifts are to fail', () => {
  const { results } = readKtap(ktap({ ...run, strict: true }, outcomes))
  expect(results[1]).toMatchObject({ id: 'laws_create-vm', ok: false })
})

const unplayed = [
  { file: 'suites/ordered/run.test.ts', suite: 'ordered_run' },
  {
    file: outcomes[2]!.file,
    suite: outcomes[2]!.suite,
    tests: [
      { test: 'a', name: 'a' },
      { test: 'b', name: 'b' },
    ],
  },
]

test('what was not played is missing from its plan, and its suite is not ok', () => {
  const text = ktap(run, outcomes, unplayed)
  const { results, missing, diagnostics } = readKtap(text)
  expect(diagnostics.at(-1)).toBe('the run is incomplete: 2 files not played to the end')
  expect([results.length, missing]).toEqual([4, 1])
  expect(results.map(({ ok, missing }) => [ok, missing])).toEqual([
    [false, 0],
    [true, 0],
    [false, 2],
    [true, 0],
  ])
  expect(results[2]).toMatchObject({ directive: 'ERROR', reason: '2 tests not played' })
  expect(readKtap(ktap(run, outcomes)).missing).toBe(0)
})

test('a report of a run that has only begun has its plan', () => {
  expect(readKtap(ktap(run, [], unplayed))).toMatchObject({ results: [], missing: 2 })
})

test('whatever a kernel or a test says, the report can be read and no line of it passes for a result', () => {
  const words = fc.string({ unit: 'binary' })
  const traps = fc.constantFrom('ok 1 x', 'not ok 2 - y # SKIP', '1..9', 'KTAP version 1', 'Bail out!')
  const lines = fc.array(fc.oneof(words, traps), { maxLength: 4 })
  fc.assert(
    fc.property(fc.constantFrom(...verdicts), words, lines, (verdict, why, details) => {
      const { results } = readKtap(ktap(run, [{ ...outcomes[0]!, verdict, why, details }]))
      expect(results.map((r) => r.subtests.length)).toEqual([1])
    }),
  )
})

test('what is known is there while the run goes on, and makes way for the whole', () => {
  const path = mkdtempSync(join(tmpdir(), 'ktap-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const report = ktapReport(
    folder(path, (line) => {
      throw new Error(line)
    }),
  )
  report.start!(run)
  report.write!(outcomes.slice(0, 2), { interrupted: false, unplayed, ms: 1, notes: [] })
  expect(readKtap(readFileSync(join(path, 'conformance.ktap'), 'utf8'))).toMatchObject({ missing: 2 })
  report.write!(outcomes, { interrupted: false, unplayed: [], ms: 1, notes: [] })
  expect(readdirSync(path)).toEqual(['conformance.ktap'])
  expect(readFileSync(join(path, 'conformance.ktap'), 'utf8')).toBe(ktap(run, outcomes))
})
