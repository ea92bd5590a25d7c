import fc from 'fast-check'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folder } from '../../reports/folder.ts'
import { ktap, ktapReport } from '../../reports/ktap.ts'
import { verdicts } from '../../harness/verdict.ts'
import { expectGolden } from './golden.ts'
import { readKtap } from './ktap-reader.ts'
import { outcomes, run } from './sample-run.ts'

const flat = (text: string) => readKtap(text).results.flatMap((suite) =>
  suite.subtests.map((t) => ({ ...t, id: `${suite.id}_${t.id}` })))

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
    ['any-order_any-order', false, undefined], ['laws_create-vm', true, undefined],
    ['ordered_arm-vcpu-finalize', false, undefined], ['ordered_vgic-v3', true, 'SKIP'],
  ])
})

test('a drift fails where drifts are to fail', () => {
  const { results } = readKtap(ktap({ ...run, strict: true }, outcomes))
  expect(results[1]).toMatchObject({ id: 'laws_create-vm', ok: false })
})

test('an interrupted run says so', () => {
  expect(readKtap(ktap(run, outcomes, 3)).bailed).toBe('interrupted, 3 files not played to the end')
})

test('whatever a kernel or a test says, the report can be read and no line of it passes for a result', () => {
  const words = fc.string({ unit: 'binary' })
  const traps = fc.constantFrom('ok 1 x', 'not ok 2 - y # SKIP', '1..9', 'KTAP version 1', 'Bail out!')
  const lines = fc.array(fc.oneof(words, traps), { maxLength: 4 })
  fc.assert(fc.property(fc.constantFrom(...verdicts), words, lines, (verdict, why, details) => {
    const { results } = readKtap(ktap(run, [{ ...outcomes[0]!, verdict, why, details }]))
    expect(results.map((r) => r.subtests.length)).toEqual([1])
  }))
})

test('what came before a run was killed is there, and makes way for the whole', () => {
  const path = mkdtempSync(join(tmpdir(), 'ktap-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const report = ktapReport(folder(path, (line) => { throw new Error(line) }))
  report.start!(run)
  for (const o of outcomes.slice(0, 4)) report.result!(o)
  expect(readdirSync(path)).toEqual(['conformance.ktap.partial'])
  const partial = readFileSync(join(path, 'conformance.ktap.partial'), 'utf8')
  expect(partial.split('\n').filter((l) => /^(not )?ok/.test(l)).map((l) => l.split(' # ')[0])).toEqual([
    'not ok 1 any-order_any-order_in-whatever-order', `ok 2 ${outcomes[1]!.suite}_${outcomes[1]!.test}`,
    `ok 3 ${outcomes[2]!.suite}_${outcomes[2]!.test}`, `not ok 4 ${outcomes[3]!.suite}_${outcomes[3]!.test}`,
  ])
  void report.end!(outcomes, { interrupted: false, unplayed: 0, notes: [], ms: 1 })
  expect(readdirSync(path)).toEqual(['conformance.ktap'])
  expect(readFileSync(join(path, 'conformance.ktap'), 'utf8')).toBe(ktap(run, outcomes))
})
