/** Failures as files: each cause its own, in the notation, and none of a run before. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from '../../../harness/table/notation.ts'
import type { Counterexample } from '../../../harness/model/verdict.ts'
import { folder } from '../../../reports/run/folder.ts'
import { tracesReport } from '../../../reports/formats/traces.ts'
import { outcomes, run } from './sample-run.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'traces-'))
})
afterEach(() => {
  rmSync(path, { recursive: true })
})

const violating = outcomes[3]!
const trace = violating.trace!
const one: Counterexample = {
  verdict: 'violates',
  why: 'two\nlines',
  trace,
  allowed: ['-EPERM (too late)'],
  log: ['4,WARNING: at x'],
}

const written = (all: readonly Partial<typeof violating>[], isStrict = false): string[] => {
  const report = tracesReport(folder(path, () => {}))
  report.start!({ ...run, strict: isStrict })
  for (const given of all) report.result!({ ...violating, ...given })
  return readdirSync(path).includes('traces') ? readdirSync(join(path, 'traces')).toSorted() : []
}

test('a file holds the trace, which can be played again, and what was wrong', () => {
  const [name] = written([{ counterexamples: [one] }])
  expect(name).toBe(`${violating.suite}_${violating.test}.trace`)
  const text = readFileSync(join(path, 'traces', name!), 'utf8')
  expect(text).toBe(
    [
      '# sample, Linux 6.12.94 judged as 6.12, seed 7',
      trace,
      '# two lines',
      '# allowed here: -EPERM (too late)',
      '# kernel log: 4,WARNING: at x',
      '',
    ].join('\n'),
  )
  expect(parse(text, name!)).toEqual(parse(trace, 'trace'))
})

test('each cause has its file', () => {
  expect(
    written([{ test: 'a', counterexamples: [one, one, { verdict: 'violates', why: 'and 3 causes more' }] }]),
  ).toEqual([`${violating.suite}_a-2.trace`, `${violating.suite}_a.trace`])
})

test('only failures have one, and drifts where they fail', () => {
  const all = (['conforms', 'known', 'drifts'] as const).map((verdict) => ({
    verdict,
    test: verdict,
    counterexamples: [one],
  }))
  expect(written(all)).toEqual([])
  expect(written(all, true)).toEqual([`${violating.suite}_drifts.trace`])
})

test('those of the run before are gone', () => {
  mkdirSync(join(path, 'traces'))
  writeFileSync(join(path, 'traces', 'old.trace'), '')
  expect(written([])).toEqual([])
})
