/**
 * Whole runs of suites that cannot be loaded, take their process with them, are skipped, or find no room for reports.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sample, scratch } from '../command.ts'
import { readKtap } from '../reports/ktap-reader.ts'

const results = (reports: string) =>
  readKtap(readFileSync(join(reports, 'conformance.ktap'), 'utf8')).results.flatMap((s) => s.subtests)

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

test('a suite that cannot be loaded is broken, and nothing else', async () => {
  const reports = scratch()
  const { code, out, err } = await sample(reports, ['throws', 'skips'])
  expect(err).toBe('')
  expect(results(reports).map((t) => [t.id, t.directive, t.reason])).toEqual([
    ['one-feature', 'SKIP', 'no host has it'],
    ['another-feature', 'SKIP', 'no host has it'],
    ['outside-of-any-test', 'ERROR', 'this file is no suite'],
  ])
  expect([code, lastLine(out)]).toEqual([2, '0 passed, 1 failed, 2 skipped'])
})

test('a test that takes its process with it is broken; those before it count', async () => {
  const reports = scratch()
  const { code } = await sample(reports, ['dies'])
  expect(
    results(reports)
      .filter((t) => t.id !== 'rests')
      .map((t) => [t.id, t.ok, t.reason]),
  ).toEqual([
    ['outside-of-any-test', false, '[vitest-pool]: Worker forks emitted error. Worker exited unexpectedly'],
    ['is-fine', true, undefined],
    ['kills-its-process', false, 'did not end: its process went away'],
  ])
  expect(code).toBe(2)
})

test('where everything is skipped the status says so', async () => {
  const { code, out } = await sample(scratch(), ['skips'])
  expect([code, lastLine(out)]).toEqual([4, '0 passed, 0 failed, 2 skipped'])
  expect(out).toContain('\nnot offered         2\n  2  no host has it\n')
})

test('reports that cannot be written cost one line and the status, not the run', async () => {
  const file = join(scratch(), 'file')
  writeFileSync(file, '')
  const { code, out } = await sample(join(file, 'reports'), ['skips'])
  expect(out.split('\n')[0]).toMatch(
    /file\/reports cannot be written \(ENOTDIR\); the run goes on without reports that are whole$/,
  )
  expect([code, lastLine(out)]).toEqual([2, '0 passed, 0 failed, 2 skipped'])
})
