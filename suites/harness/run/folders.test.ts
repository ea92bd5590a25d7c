/** Each run has a folder, and no other run has it meanwhile. */
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { lockFolder } from '../../../reports/run/folder-lock.ts'
import { dropUnbegun, folderForRun, makeLatest } from '../../../reports/run/runs.ts'
import { scratch } from '../command.ts'
import { outcomes } from '../reports/sample-run.ts'
import { resultsOf } from './cut-off.ts'
import { writeShard } from './shards.ts'

test('a folder is owned until it is released, by whatever path it is named', async () => {
  const folder = scratch()
  const link = join(scratch(), 'link')
  symlinkSync(folder, link)
  const owned = await lockFolder(folder)
  await expect(lockFolder(link)).rejects.toThrow(UserError)
  await expect(lockFolder(link)).rejects.toThrow(
    `${link}: another run (pid ${process.pid}) is writing its reports there`,
  )
  owned.release()
  ;(await lockFolder(link)).release()
})

test('each run has a folder of its own, and old ones go unless they are under way', async () => {
  const parent = scratch()
  const said = scratch()
  writeShard(
    said,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  const old = (n: number, results?: object) => {
    const folder = join(parent, `202001${String(n).padStart(2, '0')}T000000.000Z-1`)
    mkdirSync(folder)
    if (results) writeFileSync(join(folder, 'results.json'), JSON.stringify({ ...resultsOf(said), ...results }))
    return folder
  }
  const done = Array.from({ length: 13 }, (_, n) => old(n + 1, { incomplete: false }))
  const incomplete = Array.from({ length: 12 }, (_, n) => old(n + 14, n % 2 ? { incomplete: true } : undefined))
  mkdirSync(join(parent, 'matrix'))
  const owned = await lockFolder(done[1]!)
  const folders = [await folderForRun(parent), await folderForRun(parent)]
  owned.release()
  expect(new Set(folders).size).toBe(2)
  expect(folders.toSorted()).toEqual(folders)
  const stay = [...folders, ...done.slice(3), done[1]!, ...incomplete.slice(4)].map((f) => f.slice(parent.length + 1))
  expect(readdirSync(parent).toSorted()).toEqual([...stay, 'matrix'].toSorted())
})

test('the latest run is the one that was begun last, and one that could not be begun leaves no folder', async () => {
  const parent = scratch()
  const [begun, refused] = [await folderForRun(parent), await folderForRun(parent)]
  makeLatest(begun)
  writeFileSync(join(begun, 'outcomes.jsonl'), '')
  for (const folder of [begun, refused]) dropUnbegun(folder)
  expect(readdirSync(parent).toSorted()).toEqual([basename(begun), 'latest'].toSorted())
  expect(statSync(join(parent, 'latest')).ino).toBe(statSync(begun).ino)
  const named = join(parent, 'mine')
  mkdirSync(named)
  makeLatest(named)
  dropUnbegun(named)
  expect(readdirSync(parent)).toContain('mine')
  expect(statSync(join(parent, 'latest')).ino).toBe(statSync(begun).ino)
})
