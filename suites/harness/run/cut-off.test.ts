// Runs that are cut off: what is on the disk is well-formed, says that it is not all, and the run can be finished.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { readAnswers } from '../../../reports/run/answers.ts'
import { cutOff } from '../../../harness/run/resume.ts'
import { everySuite } from '../../../harness/run/suites.ts'
import { own } from '../../../reports/run/own.ts'
import { readRecord } from '../../../reports/run/record.ts'
import type { Results } from '../../../reports/run/results.ts'
import { folderForRun } from '../../../reports/run/runs.ts'
import { command, commandMeanwhile, commandAfter, sample, scratch, type Ended } from '../command.ts'
import { readKtap } from '../reports/ktap-reader.ts'
import { readXml } from '../reports/xml-reader.ts'

const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8')
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)
const resultsOf = (folder: string) => JSON.parse(read(folder, 'results.json')) as Results
const idsOf = (folder: string) =>
  readKtap(read(folder, 'conformance.ktap'))
    .results.flatMap((suite) => suite.subtests.map((t) => `${suite.id}_${t.id}`))
    .toSorted()

/** For several commands one after the other, on a busy machine. */
const PATIENCE_MS = 240_000

/** Does something once the reports of a run have the text; a run that never gets there ends by itself. */
const once = (folder: string, file: string, text: string, meddle: () => void): void => {
  const timer = setInterval(() => {
    if (!existsSync(join(folder, file)) || !read(folder, file).includes(text)) return
    clearInterval(timer)
    meddle()
  }, 20).unref()
}

/** A run of slow samples that is sent a signal while it waits. */
const killed = (reports: string, signal: NodeJS.Signals): Promise<Ended> =>
  sample(reports, ['slow', 'skips'], (kill) => once(reports, 'conformance.ktap', 'is-quick', () => kill(signal)))

/** Whatever reads the reports notices that the run is not all there. */
const expectIncomplete = (reports: string): void => {
  const { results, missing } = readKtap(read(reports, 'conformance.ktap'))
  const { missing: inSuite, ok } = results.find((r) => r.id.endsWith('_slow-sample'))!
  expect([missing <= 1, inSuite > 0, ok]).toEqual([true, true, false])
  const { attributes, children } = readXml(read(reports, 'junit.xml'))
  expect(Number(attributes.errors)).toBeGreaterThan(0)
  expect(children.length).toBe(2)
  expect(resultsOf(reports)).toMatchObject({
    incomplete: true,
    unplayed: expect.arrayContaining(['suites/harness/sample/suites/ordered/slow.sample.ts']),
  })
  expect(readAnswers(join(reports, 'answers.jsonl')).missing).toBe('the run did not end, after no lists')
  expect(read(reports, 'allure-results/incomplete-result.json')).toContain('the run is incomplete')
}

test.each([
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGKILL', null],
] as const)(
  '%s leaves reports that say what is missing, and the run can be finished',
  async (signal, status) => {
    const reports = scratch()
    const { code, out } = await killed(reports, signal)
    expect(code).toBe(status)
    expectIncomplete(reports)
    if (signal !== 'SIGKILL')
      expect(out).toMatch(/\nincomplete {3}[12] files? not played to the end; run --resume plays them\n/)
    const before = readRecord(join(reports, 'outcomes.jsonl'))

    writeFileSync(join(reports, 'go'), '')
    const ended = await command('run', '--resume', '--reports', reports)
    expect([ended.err, ended.code, lastLine(ended.out)]).toEqual(['', 0, '3 passed, 0 failed, 2 skipped'])
    expect(resultsOf(reports)).toMatchObject({ incomplete: false, unplayed: [], tally: { passed: 3, skipped: 2 } })
    expect(readKtap(read(reports, 'conformance.ktap')).missing).toBe(0)
    expect(readXml(read(reports, 'junit.xml')).attributes).toMatchObject({ tests: '5', errors: '0' })
    expect(readdirSync(join(reports, 'allure-results')).length).toBe(5)
    expect(readAnswers(join(reports, 'answers.jsonl')).missing).toBeUndefined()
    // What had its verdict was not played again.
    expect(readRecord(join(reports, 'outcomes.jsonl')).outcomes.slice(0, before.outcomes.length)).toEqual(
      before.outcomes,
    )

    if (signal !== 'SIGKILL') return
    const again = await command('run', '--resume', '--reports', reports)
    expect(again).toEqual({
      code: 2,
      out: '',
      err: `error: ${reports}: nothing is left to play; every test of the run has its verdict\n`,
    })
  },
  PATIENCE_MS,
)

test(
  'a run of all suites that is killed and finished has the results of one that was not',
  async () => {
    const [whole, cut] = [scratch(), scratch()]
    const args = ['run', '--only', 'ordered_vgic', '--runs', '50', '--reports']
    await command(...args, whole)
    await commandMeanwhile([...args, cut], (kill) => once(cut, 'outcomes.jsonl', '"outcome"', () => kill('SIGKILL')))
    const { outcomes } = readRecord(join(cut, 'outcomes.jsonl'))
    expect(resultsOf(cut).incomplete).toBe(true)
    const { code } = await command('run', '--resume', '--reports', cut)
    expect(code).toBe(0)
    expect(idsOf(cut)).toEqual(idsOf(whole))
    expect(idsOf(cut).length).toBeGreaterThan(outcomes.length)
    expect(resultsOf(cut).tally).toEqual(resultsOf(whole).tally)
    const lists = (folder: string) =>
      readAnswers(join(folder, 'answers.jsonl'))
        .played.map((p) => `${p.suite} ${p.test}`)
        .toSorted()
    expect(lists(cut)).toEqual(lists(whole))
  },
  PATIENCE_MS,
)

test(
  'what cannot go on is refused, and stays as it is',
  async () => {
    const reports = scratch()
    await killed(reports, 'SIGKILL')
    const before = read(reports, 'outcomes.jsonl')
    const advice = 'to go on with it leave the option out, to begin another leave out --resume'
    const refuses = (given: Parameters<typeof cutOff>[1], line: string) =>
      expect(cutOff(reports, given)).rejects.toThrow(new UserError(line))
    await refuses({ seed: 5 }, `--seed 5: the run in ${reports} was begun with --seed 20190307; ${advice}`)
    await refuses({ strict: true }, `--strict: the run in ${reports} was begun without it; ${advice}`)
    await refuses({ include: everySuite }, `--everything: the run in ${reports} was begun without it; ${advice}`)
    expect(read(reports, 'outcomes.jsonl')).toBe(before)

    const answers = join(reports, 'answers.jsonl')
    writeFileSync(answers, read(reports, 'answers.jsonl').replace(/"unameR":"[^"]*"/, '"unameR":"6.12.0"'))
    const { code, err } = await command('run', '--resume', '--reports', reports)
    expect(err).toMatch(
      /^error: mock is not what the run was begun on, which cannot go on: kernel\.unameR is "6\.12\.107[^"]*", was "6\.12\.0"\n$/,
    )
    expect(code).toBe(2)
    writeFileSync(answers, read(reports, 'answers.jsonl').replace(/"run":"[^"]*"/, '"run":"another"'))
    await refuses({}, `${reports}: outcomes.jsonl and answers.jsonl are of two runs, which cannot go on`)
    const nowhere = join(reports, 'nowhere')
    expect((await command('run', '--resume', '--seed', '5', '--reports', nowhere)).err).toBe(
      `error: ${nowhere}: there is no run to go on with (no outcomes.jsonl is there)\n`,
    )
    expect(existsSync(nowhere)).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'what is broken is played again, and a line that was cut off is none',
  async () => {
    const reports = scratch()
    const { code } = await sample(reports, ['verdicts'])
    expect(code).toBe(1)
    const file = join(reports, 'outcomes.jsonl')
    writeFileSync(file, read(reports, 'outcomes.jsonl').replace('{"complete":true}\n', '{"elapsed":12,"outc'))
    const before = readRecord(file).outcomes
    expect(before.length).toBe(12)
    const { out } = await command('run', '--resume', '--reports', reports)
    expect(lastLine(out)).toBe('3 passed, 7 failed, 2 skipped')
    const after = readRecord(file).outcomes
    const isKept = (o: { verdict: string }) => o.verdict !== 'broken'
    expect(after.filter(isKept)).toEqual(before.filter(isKept))
    expect(after.filter((o) => !isKept(o)).every((o) => o.begun > before.at(-1)!.begun)).toBe(true)
  },
  PATIENCE_MS,
)

test(
  'answers that found no room on the disk are no fault of what was asked, and are asked for again',
  async () => {
    const reports = scratch()
    const args = ['run', '--only', 'in-whatever-order', '--runs', '6000', '--reports', reports]
    const full = await commandAfter('ulimit -f 2048', ...args)
    expect(full.out).toMatch(
      /answers\.jsonl cannot be written \(EFBIG\); the run goes on without reports that are whole\n/,
    )
    expect([full.code, lastLine(full.out)]).toEqual([2, '1 passed, 0 failed, 0 skipped'])
    expect(statSync(join(reports, 'answers.jsonl')).size).toBe(1024 * 1024)
    const judged = await command('judge', join(reports, 'answers.jsonl'))
    expect(judged.out).toMatch(/\nincomplete {3}cut off in line [\d,]+, after [\d,]+ lists\n/)
    expect(judged.code).toBe(2)
    const { code, out } = await command('run', '--resume', '--reports', reports)
    expect([code, lastLine(out)]).toEqual([0, '1 passed, 0 failed, 0 skipped'])
    expect((await command('judge', join(reports, 'answers.jsonl'))).code).toBe(0)
  },
  PATIENCE_MS,
)

test(
  'a run has its folder alone',
  async () => {
    const reports = scratch()
    let other: Promise<Ended> | undefined
    const { code } = await sample(reports, ['slow'], (_kill, pid) =>
      once(reports, 'conformance.ktap', 'is-quick', () => {
        other = (async () => {
          const refused = await command('run', '--only', 'vgic', '--reports', reports)
          writeFileSync(join(reports, 'go'), '')
          expect(refused.err).toBe(
            `error: ${reports}: another run (pid ${pid}) is writing its reports there; wait for it, or give --reports another folder\n`,
          )
          return refused
        })()
      }),
    )
    expect((await other!).code).toBe(2)
    expect(code).toBe(0)
    expect(idsOf(reports).length).toBe(3)
  },
  PATIENCE_MS,
)

test('a folder is owned until it is released, by whatever path it is named', async () => {
  const folder = scratch()
  const link = join(scratch(), 'link')
  symlinkSync(folder, link)
  const owned = await own(folder)
  await expect(own(link)).rejects.toThrow(UserError)
  await expect(own(link)).rejects.toThrow(`${link}: another run (pid ${process.pid}) is writing its reports there`)
  owned.release()
  ;(await own(link)).release()
})

test('each run has a folder of its own, the latest is known, and old ones go unless they are under way', async () => {
  const parent = scratch()
  const old = (n: number, results?: object) => {
    const folder = join(parent, `202001${String(n).padStart(2, '0')}T000000.000Z-1`)
    mkdirSync(folder)
    if (results) writeFileSync(join(folder, 'results.json'), JSON.stringify(results))
    return folder
  }
  const done = Array.from({ length: 13 }, (_, n) => old(n + 1, { incomplete: false }))
  const incomplete = Array.from({ length: 12 }, (_, n) => old(n + 14, n % 2 ? { incomplete: true } : undefined))
  mkdirSync(join(parent, 'matrix'))
  const owned = await own(done[1]!)
  const folders = [await folderForRun(parent), await folderForRun(parent)]
  owned.release()
  expect(new Set(folders).size).toBe(2)
  expect(folders.toSorted()).toEqual(folders)
  expect(statSync(join(parent, 'latest')).ino).toBe(statSync(folders[1]!).ino)
  const stay = [...folders, ...done.slice(3), done[1]!, ...incomplete.slice(4)].map((f) => f.slice(parent.length + 1))
  expect(readdirSync(parent).toSorted()).toEqual([...stay, 'latest', 'matrix'].toSorted())
})
