/** The matrix: a column that is done is known to be, and the text says what each came to. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { rows } from '../../../harness/table/rows.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { columns, nativePairs } from '../../../harness/studies/matrix/columns.ts'
import { doneBefore, runColumn, type Done } from '../../../harness/studies/matrix/run.ts'
import { matrixText } from '../../../reports/matrix/text.ts'
import { tally } from '../../../reports/run/tally.ts'
import { scratch } from '../command.ts'

const asked: Done['asked'] = { target: 'mock', seed: 5, runs: 50 }

const done: Done = {
  column: 'mock',
  asked,
  seconds: 12,
  coverage: Object.fromEntries(rows.slice(0, 100).map(({ id }) => [id, 3])),
  results: { calls: 500, random: { conforms: 50 }, tests: [], tally: tally([], false) } as unknown as Done['results'],
}

test('every column has a name of its own, and a kernel in QEMU', () => {
  const all = [...columns, ...nativePairs.map(([outside]) => outside)]
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  for (const { target } of all) expect(parseTarget(target).kind).toBe('qemu')
  expect(columns.filter(({ extra }) => !extra)).toHaveLength(20)
})

test('a recorded host has the name of the column that it was recorded from', () => {
  for (const name of hostNames) {
    const [, target, called] = /--target (\S+) --name (\S+)$/.exec(hostNamed(name).about)!
    expect(called).toBe(name)
    expect(parseTarget(target!)).toEqual(parseTarget(columns.find((one) => one.name === name)!.target))
  }
})

test('a column that is done is known to be, with the same settings only, and not where it was cut off', () => {
  const folder = scratch()
  const file = join(folder, 'column.json')
  const text = JSON.stringify(done)
  writeFileSync(file, text)
  expect(doneBefore(folder, asked)).toEqual(done)
  expect(doneBefore(folder, { ...asked, runs: 51 })).toBeUndefined()
  writeFileSync(file, text.slice(0, -100))
  expect(doneBefore(folder, asked)).toBeUndefined()
})

test('the text has a line for each column, with what it came to or why it came to nothing', () => {
  const text = matrixText([
    { name: 'mock', done },
    { name: 'other', why: 'a & b' },
  ])
  expect(text).toContain(`100 of ${rows.length} rules`)
  expect(text).toMatch(/other +a & b/)
})

test('a target that cannot be used is one line in its column', async () => {
  const said = await runColumn(
    { name: 'gone', target: 'exec:false' },
    join(scratch(), 'gone'),
    { ...asked, target: 'exec:false' },
    new AbortController().signal,
  )
  expect(said).toEqual(expect.stringMatching(/^exit code 2: error: exec:false[^\n]*$/))
})
