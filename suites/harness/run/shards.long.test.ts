/** Whole runs in shards, each by a process of its own, on a kernel with a bug: merged they are one run. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAnswers } from '../../../reports/run/answers.ts'
import { command, commandMeanwhile, scratch } from '../command.ts'
import { idsOf, once, resultsOf } from './cut-off.ts'

/** Its kernel reads through a vcpu that is not there: sequences, laws and random orders find it. */
const args = ['run', '--target', 'mock,erratum=6ddb4f372fc6', '--runs', '500']

/** For a whole run on a busy machine. */
const RUN_MS = 240_000

let whole: string
beforeAll(async () => {
  whole = scratch(afterAll)
  expect((await command(...args, '--reports', whole)).code).toBe(1)
}, RUN_MS)

/** What must be the same, however the run was played. */
const factsOf = (folder: string) => {
  const { tests, tally, lists, calls, random } = resultsOf(folder)
  const verdicts = tests.map(({ id, verdict, why, cause }) => [id, verdict, why, cause])
  return { ids: idsOf(folder), verdicts: verdicts.toSorted(), tally, lists, calls, random }
}

/** Of the tests that one shard plays: each shard shrinks for itself what its random orders found. */
const listsOf = (folder: string) =>
  readAnswers(join(folder, 'answers.jsonl'))
    .played.filter(({ suite }) => suite !== 'any-order_any-order')
    .map(({ suite, test: name, calls }) => `${suite} ${name} ${calls.length}`)
    .toSorted()

const playAll = async (parent: string, of: number): Promise<string[]> => {
  const folders: string[] = []
  for (let i = 1; i <= of; i++) {
    const folder = join(parent, String(i))
    folders.push(folder)
    await command(...args, '--shard', `${i}/${of}`, '--reports', folder)
  }
  return folders
}

const expectWhole = async (folders: readonly string[], merged: string): Promise<void> => {
  const { code, err } = await command('merge', ...folders, '--reports', merged)
  expect([code, err]).toEqual([1, ''])
  expect(factsOf(merged)).toEqual(factsOf(whole))
  expect(listsOf(merged)).toEqual(listsOf(whole))
}

test.each([1, 2])(
  '%d of its shards are merged',
  async (of) => {
    const parent = scratch()
    await expectWhole(await playAll(parent, of), join(parent, 'merged'))
  },
  RUN_MS * 3,
)

test(
  'five of its shards are merged; where one is killed, what it left is broken, and can be played afterwards',
  async () => {
    const parent = scratch()
    const folders = await playAll(parent, 5)
    const merged = join(parent, 'merged')
    await expectWhole(folders, merged)
    const killed = join(parent, 'killed')
    await commandMeanwhile([...args, '--shard', '3/5', '--reports', killed], (kill) =>
      once(killed, 'outcomes.jsonl', '"outcome"', () => kill('SIGKILL')),
    )
    expect((await command('merge', ...folders.with(2, killed), '--reports', merged)).code).toBe(1)
    expect(idsOf(merged)).toEqual(idsOf(whole))
    const { tally, tests } = resultsOf(merged)
    expect(tally.verdicts.broken).toBeGreaterThan(50)
    expect(tests.filter(({ verdict }) => verdict === 'broken').map(({ why }) => why)).toContain(
      'shard 3/5 is lost: its run ended before this was played',
    )
    expect((await command('run', '--resume', '--reports', merged)).code).toBe(1)
    expect(factsOf(merged)).toEqual(factsOf(whole))
  },
  RUN_MS * 3,
)
