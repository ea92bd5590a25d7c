/** The matrix goes on where it stopped, does nothing twice, and a full disk costs one column. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { rows } from '../../../harness/table/rows.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { columns, nativePairs } from '../../../harness/studies/matrix/columns.ts'
import { doneBefore, runColumn, type Done } from '../../../harness/studies/matrix/run.ts'
import type { Verdict } from '../../../harness/model/verdict.ts'
import { matrixHtml, matrixText } from '../../../reports/matrix/page.ts'

const column = { name: 'mock', target: 'mock' }
const asked: Done['asked'] = { target: 'mock', seed: 5, runs: 50 }
const never = new AbortController().signal

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-matrix-')), 'mock')
})
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

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

test('a column that is done is known to be, with the same settings only', async () => {
  const done = (await runColumn(column, folder, asked, never)) as Done
  expect(done.results.tally).toMatchObject({ failed: 0, exit: 0 })
  expect(Object.keys(done.coverage).length).toBeGreaterThan(rows.length / 2)
  expect(doneBefore(folder, asked)).toEqual(done)
  expect(doneBefore(folder, { ...asked, runs: 51 })).toBeUndefined()
  expect(matrixText([{ name: 'mock', done }])).toContain(`${Object.keys(done.coverage).length} of ${rows.length} rules`)
  expect(
    matrixHtml([
      { name: '<mock>', done },
      { name: 'other', why: 'a & b' },
    ]),
  ).toMatch(/&lt;mock&gt;[^]*a &amp; b/)
}, 60_000)

test('what fails alike on many columns stands on the page once, with their names; a known bug under its name', async () => {
  const done = (await runColumn(column, folder, asked, never)) as Done
  const test = (id: string, verdict: Verdict, why: string) => ({
    id,
    verdict,
    why,
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
  ])
  const parts = html
    .replace(/<[^>]+>/g, ' ')
    .replace(/ +/g, ' ')
    .split('Every rule')[0]!
  expect(parts).toContain('a: violates another answer one, two a -&gt; ok')
  expect(parts).toContain('a: violates yet another three a -&gt; ok')
  expect(parts).toMatch(/Known bugs\s+0123 a fix b d one, two b -&gt; ok/)
  expect(parts).not.toContain('no SVE')
}, 60_000)

test('a column that is interrupted is not done, and is run whole the next time', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 1500)
  expect(await runColumn(column, folder, { ...asked, runs: 1_000_000 }, stop.signal)).toBe('interrupted')
  expect(existsSync(join(folder, 'column.json'))).toBe(false)
  expect(doneBefore(folder, asked)).toBeUndefined()
  expect(await runColumn(column, folder, asked, never)).toMatchObject({ column: 'mock' })
}, 60_000)

test('what a cut-off column left is not taken for an outcome', async () => {
  await runColumn(column, folder, asked, never)
  const file = join(folder, 'column.json')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -100))
  expect(doneBefore(folder, asked)).toBeUndefined()
}, 60_000)

test('a full disk is one line, and no column', async ({ skip }) => {
  const disk = join(folder, '..')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  if (mounted.status !== 0) skip('a small disk can be mounted by root alone')
  try {
    const said = await runColumn(column, folder, asked, never)
    expect(said).toEqual(expect.stringMatching(/^[^\n]*(cannot be written|ENOSPC|whole|exit code)[^\n]*$/))
    expect(doneBefore(folder, asked)).toBeUndefined()
  } finally {
    // Lazily: a log that could not be written may not be closed yet.
    spawnSync('umount', ['-l', disk])
  }
}, 60_000)

test('a target that cannot be used is one line in its column', async () => {
  const said = await runColumn(
    { name: 'gone', target: 'exec:false' },
    folder,
    { ...asked, target: 'exec:false' },
    never,
  )
  expect(said).toEqual(expect.stringMatching(/^exit code 2: error: exec:false[^\n]*$/))
}, 60_000)
