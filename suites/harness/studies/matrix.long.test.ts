/** The matrix goes on where it stopped, and a full disk costs one column. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { doneBefore, runColumn, type Done } from '../../../harness/studies/matrix/run.ts'
import { rows } from '../../../harness/table/rows.ts'
import { scratch } from '../command.ts'

const column = { name: 'mock', target: 'mock' }
const asked: Done['asked'] = { target: 'mock', seed: 5, runs: 50 }
const never = new AbortController().signal

let folder: string
beforeEach(({ onTestFinished }) => {
  folder = join(scratch(onTestFinished), 'mock')
})

test('a column that is run is done', async () => {
  const done = (await runColumn(column, folder, asked, never)) as Done
  expect(done.results.tally).toMatchObject({ failed: 0, exit: 0 })
  expect(Object.keys(done.coverage).length).toBeGreaterThan(rows.length / 2)
  expect(doneBefore(folder, asked)).toEqual(done)
})

test('a column that is interrupted is not done, and is run whole the next time', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 1500)
  expect(await runColumn(column, folder, { ...asked, runs: 1_000_000 }, stop.signal)).toBe('interrupted')
  expect(existsSync(join(folder, 'column.json'))).toBe(false)
  expect(doneBefore(folder, asked)).toBeUndefined()
  expect(await runColumn(column, folder, asked, never)).toMatchObject({ column: 'mock' })
})

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
})
