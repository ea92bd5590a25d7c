/** The matrix: a column that is done is known to be, and the page shows what failed where. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { rows } from '../../../harness/table/rows.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { columns, nativePairs } from '../../../harness/studies/matrix/columns.ts'
import { doneBefore, runColumn, type Done } from '../../../harness/studies/matrix/run.ts'
import type { Verdict } from '../../../harness/model/verdict.ts'
import { matrixHtml } from '../../../reports/matrix/page.ts'
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

test('text and page have a line for each column, with what it came to or why it came to nothing', () => {
  expect(matrixText([{ name: 'mock', done }])).toContain(`100 of ${rows.length} rules`)
  expect(
    matrixHtml([
      { name: '<mock>', done },
      { name: 'other', why: 'a & b' },
    ]),
  ).toMatch(/&lt;mock&gt;[^]*a &amp; b/)
})

test('what fails alike on many columns stands on the page once, with their names; a known bug under its name', () => {
  const test = (id: string, verdict: Verdict, why: string) => ({
    id,
    verdict,
    why,
    file: 'suites/ordered/run.test.ts',
    name: id,
    layer: 'sequence' as const,
    begun: '2026-11-22T00:00:00.000Z',
    ms: 1,
    lists: 1,
    calls: 1,
    trace: `${id === 'd' ? 'ioctl ' : ''}${id} -> ok`,
  })
  const cell = (name: string, ...tests: Done['results']['tests']) => ({
    name,
    done: { ...done, results: { ...done.results, tests } },
  })
  const html = matrixHtml([
    cell(
      'one',
      test('a', 'violates', 'another answer'),
      test('b', 'known', '0123 a fix'),
      test('c', 'not offered', 'no SVE'),
    ),
    cell('two', test('a', 'violates', 'another answer'), test('d', 'known', '0123 a fix')),
    cell('three', test('a', 'violates', 'yet another')),
    cell('four', { ...test('e', 'violates', 'said so'), cause: 'X -> -EIO' }),
    cell('five', { ...test('longer', 'violates', 'said so'), cause: 'X -> -EIO' }),
  ])
  const parts = html
    .replace(/<[^>]+>/g, ' ')
    .replace(/ +/g, ' ')
    .split('Every rule')[0]!
  expect(parts).toContain('a: violates another answer one, two a -&gt; ok')
  expect(parts).toContain('a: violates yet another three a -&gt; ok')
  expect(parts).toContain('X -&gt; -EIO: violates said so e longer four, five e -&gt; ok')
  expect(parts).toMatch(/Known bugs\s+0123 a fix b d one, two b -&gt; ok/)
  expect(parts).not.toContain('no SVE')
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
