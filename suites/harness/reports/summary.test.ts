/** What a run says at its end, its exit status, what Allure is told, and reports that cannot be written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { correct } from '../../../reports/formats/allure.ts'
import { explain } from '../../../reports/formats/explain.ts'
import { causesOf } from '../../../reports/formats/causes.ts'
import type { Screen } from '../../../reports/formats/screen.ts'
import { folder } from '../../../reports/run/folder.ts'
import { junitReport } from '../../../reports/formats/junit.ts'
import type { Outcome } from '../../../reports/run/outcome.ts'
import { summary, summaryReport } from '../../../reports/formats/summary.ts'
import { tally } from '../../../reports/run/tally.ts'
import { expectGolden } from '../golden.ts'
import { outcomes, run } from './sample-run.ts'

const ending = { interrupted: false, unplayed: [], notes: [], ms: 12_345 }
const of = (verdict: Outcome['verdict'], layer: Outcome['layer'] = 'sequence'): Outcome => ({
  ...outcomes[2]!,
  verdict,
  layer,
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Where nobody reads. */
const pipe: Screen = { write: () => {}, isTTY: false, hasColours: false, columns: 80 }
const explained = (outcome: Outcome, as = run) =>
  explain([...causesOf([outcome]).values()][0]!, as, pipe, 'reports/out')

/** What a run of the sample writes on a screen. */
const written = (isTTY: boolean, hasColours = false): string => {
  let text = ''
  const write = (t: string) => {
    text += t
  }
  const report = summaryReport(
    { write, isTTY, hasColours, columns: 60, ...(isTTY && { live: { write, columns: 60 } }) },
    'reports/out',
    () => 'reports/out: junit.xml',
  )
  report.start!(run)
  report.files!(['a', 'b', 'c', 'd'])
  for (const o of outcomes) {
    report.begins!(o.name)
    vi.advanceTimersByTime(32_000)
    report.result!(o)
  }
  void report.end!(outcomes, ending)
  return text
}

test('failures are complete, and the summary closes with one line of counts', () => {
  const text = written(false)
  expectGolden('summary.txt', text)
  expect(text.trimEnd().split('\n').at(-1)).toBe('2 passed, 2 failed, 2 skipped')
})

test('a log without a terminal has a sign of life now and then that names the test under way, and nothing is redrawn in it', () => {
  expect(written(false)).toContain(`0 of 4 files, 1 test, 1 failed, 1 min 0 s  ${outcomes[1]!.name}\n`)
  expect(written(false)).not.toMatch(/\p{Cc}(?<!\n)/u)
})

test('a terminal has one line that is redrawn within its width, and is gone at the end', () => {
  const lines = written(true)
    .split('\r\u001b[K')
    .map((l) => l.split('\n')[0]!)
  const drawn = lines.filter((l) => l.includes(' lists, 0/s'))
  expect(drawn.length).toBeGreaterThan(100)
  expect(drawn.every((l) => l.length < 60)).toBe(true)
  expect(written(true).split('\r\u001b[K').at(-1)).toMatch(/^\nviolates: [^]*\ntarget /)
})

test('on a terminal what violates stands out, and its lines fit; a trace and a command stay whole, to be copied', () => {
  const red = '\u001b[1m\u001b[31m'
  expect(written(true, true)).toContain(`${red}violates: kernel log: WARNING: at\u001b`)
  expect(written(true, true)).toContain(`${red}violates            1\u001b`)
  expect(written(true)).not.toContain('\u001b[1m')
  const long = written(true)
    .split(/[\n\r]/)
    .map((line) => line.replace('\u001b[K', ''))
    .filter((line) => line.length >= 60)
  const isCopied = (line: string) => /^ {4}\S.* -> |^ {2}(again|rule): |^\S+$|^ +\S+$/.test(line)
  expect(long.filter((line) => !isCopied(line))).toEqual([])
})

test('a failure says how to see it again', () => {
  const { suite, test } = outcomes[3]!
  expect(explained(outcomes[3]!).at(-2)).toBe(
    `  again: node harness/bin.js replay --target qemu:6.12,gic=2 --release 6.12 reports/out/traces/${suite}_${test}.trace`,
  )
  expect(explained({ ...outcomes[3]!, layer: 'law' }).at(-2)).toBe(
    `  again: node harness/bin.js run --target qemu:6.12,gic=2 --release 6.12 --seed 7 --only ${suite}_${test}`,
  )
  expect(explained(outcomes[0]!, { ...run, target: "exec:it's mine" }).at(-2)).toContain(
    String.raw`--target 'exec:it'\''s mine' --release 6.12 --seed 7 --runs 50`,
  )
  const own = (file: string): Outcome => ({ ...outcomes[3]!, layer: 'harness', file })
  expect(explained(own('suites/harness/agent/agent.test.ts')).at(-2)).toContain(' --everything --only ')
  expect(explained(own('suites/harness/guest/boot.long.test.ts')).at(-2)).toContain(' --long --only ')
})

test('an interrupted run says what is missing', () => {
  const cut = { ...ending, interrupted: true, unplayed: [{ file: 'a', suite: 'a' }] }
  expect(summary(run, outcomes, cut, '', pipe)).toContain(
    'incomplete   1 file not played to the end; run --resume plays them',
  )
})

test('the exit code is that of the worst', () => {
  const exit = (all: Outcome[], strict = false) => tally(all, strict).exit
  expect(exit([of('conforms'), of('drifts'), of('not offered'), of('known')])).toBe(0)
  expect(exit([of('conforms'), of('drifts')], true)).toBe(1)
  expect(exit([of('conforms'), of('broken')])).toBe(2)
  expect(exit([of('broken'), of('violates')])).toBe(1)
  expect(exit([of('conforms'), of('not reproduced')])).toBe(2)
  expect(exit([of('conforms'), of('broken', 'harness')])).toBe(1)
  expect(exit([of('not offered'), of('known')])).toBe(4)
})

test('Allure is told the verdict, its reason and what led to it', () => {
  const results = outcomes.map((o) => {
    const result: Parameters<typeof correct>[0] = {
      status: undefined as never,
      statusDetails: {},
      stage: undefined as never,
      labels: [],
    }
    correct(result, o, causesOf(outcomes), false)
    return result
  })
  expectGolden('allure.json', `${JSON.stringify(results, null, 2)}\n`)
  expect(results.map((r) => r.status)).toEqual(['broken', 'passed', 'passed', 'failed', 'skipped', 'failed'])
})

test('a folder that cannot be written costs one line, not the run', () => {
  const path = mkdtempSync(join(tmpdir(), 'reports-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  writeFileSync(join(path, 'file'), '')
  const said: string[] = []
  const to = folder(join(path, 'file'), (line) => said.push(line))
  const report = junitReport(to)
  report.start!(run)
  report.write!(outcomes, ending)
  expect(said).toEqual([to.trouble])
  expect(to.trouble).toMatch(/file cannot be written \(EEXIST\); the run goes on without reports that are whole$/)
})
