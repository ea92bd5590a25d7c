/** The folder of a run that was copied badly, or edited: nobody reads success there that was not played. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { failedIn } from '../../../harness/run/failed.ts'
import { readRun } from '../../../harness/run/read-run.ts'
import { openSide } from '../../../reports/diff/side.ts'
import { readAnswers } from '../../../reports/run/answers.ts'
import { idOf } from '../../../reports/run/outcome.ts'
import { columnOfRun } from '../../../reports/site/column.ts'
import { scratch } from '../command.ts'
import { outcomes } from '../reports/sample-run.ts'
import { read } from './cut-off.ts'
import { writeShard } from './shards.ts'

/** A folder with the whole sample run, in which a file is changed then. */
const changed = (file: string, change: (text: string) => string): string => {
  const folder = scratch()
  writeShard(
    folder,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  writeFileSync(join(folder, file), change(read(folder, file)))
  return folder
}

const lastLines = (n: number) => (text: string) =>
  text
    .split('\n')
    .slice(0, -1 - n)
    .join('\n')

test('a whole run is read', () => {
  const folder = changed('results.json', (text) => text)
  expect(readRun(folder).outcomes).toHaveLength(outcomes.length)
  expect(columnOfRun(folder).run!.results.tests).toHaveLength(outcomes.length)
})

test.each<[what: string, file: string, change: (text: string) => string, says: string]>([
  [
    'outcomes that were cut off',
    'outcomes.jsonl',
    lastLines(2),
    `of ${idOf(outcomes.at(-1)!)} results.json says ${outcomes.at(-1)!.verdict}, and outcomes.jsonl nothing; `
      + 'one of them was cut off or is of another run',
  ],
  [
    'a verdict that somebody changed',
    'results.json',
    (text) => text.replace('"verdict": "violates"', '"verdict": "conforms"'),
    'results.json says conforms, and outcomes.jsonl violates; one of them',
  ],
  [
    'answers of another run',
    'answers.jsonl',
    (text) => text.replaceAll('"run":"run-0"', '"run":"run-1"'),
    'outcomes.jsonl and answers.jsonl belong to two different runs',
  ],
])('%s are refused', (_, file, change, says) => {
  const folder = changed(file, change)
  for (const reads of [readRun, columnOfRun]) {
    expect(() => reads(folder)).toThrow(UserError)
    expect(() => reads(folder)).toThrow(says)
  }
})

test('a comparison hears that outcomes were cut off, and that no test failed so far is no success', async () => {
  const folder = changed('outcomes.jsonl', (text) => text.split('\n').slice(0, 1).join('\n'))
  expect((await openSide(folder)).missing).toBe('outcomes.jsonl has no end')
  expect(() => failedIn(folder)).toThrow('no test failed in that run, which did not end; --resume finishes it')
})

test('answers that went through an editor of another system are those that they were', () => {
  const folder = changed('answers.jsonl', (text) => text.replaceAll('\n', '\r\n'))
  const before = changed('answers.jsonl', (text) => text)
  expect(readAnswers(join(folder, 'answers.jsonl'))).toEqual(readAnswers(join(before, 'answers.jsonl')))
})
