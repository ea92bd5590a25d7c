/** Runs that are cut off otherwise than by Ctrl-C, and what cannot go on afterwards. */
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { cutOff } from '../../../harness/run/resume.ts'
import { readAnswers } from '../../../reports/run/answers.ts'
import { readRecord } from '../../../reports/run/record.ts'
import { command, commandAfter, commandMeanwhile, sample, scratch, type Ended } from '../command.ts'
import { expectFinished, expectIncomplete, idsOf, killed, once, read, resultsOf } from './cut-off.ts'

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

/** For several commands one after the other, on a busy machine. */
const PATIENCE_MS = 240_000

test.each([
  ['SIGHUP', 129],
  ['SIGKILL', null],
] as const)(
  '%s leaves reports that say what is missing, and the run can be finished, once',
  async (signal, status) => {
    const reports = scratch()
    expect((await killed(reports, signal)).code).toBe(status)
    expectIncomplete(reports)
    writeFileSync(join(reports, 'go'), '')
    expect((await command('run', '--resume', '--reports', reports)).code).toBe(0)
    expectFinished(reports)
    expect(await command('run', '--resume', '--reports', reports)).toEqual({
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
  'what is not the run that was begun is refused',
  async () => {
    const reports = scratch()
    await killed(reports, 'SIGKILL')
    const answers = join(reports, 'answers.jsonl')
    writeFileSync(answers, read(reports, 'answers.jsonl').replace(/"unameR":"[^"]*"/, '"unameR":"6.12.0"'))
    const { code, err } = await command('run', '--resume', '--reports', reports)
    expect(err).toMatch(
      /^error: mock is not what it was when the run was begun, so the run cannot be finished: kernel\.unameR is "6\.12\.107[^"]*", was "6\.12\.0"\n$/,
    )
    expect(code).toBe(2)
    writeFileSync(answers, read(reports, 'answers.jsonl').replace(/"run":"[^"]*"/, '"run":"another"'))
    expect(() => cutOff(reports, {})).toThrow(
      new UserError(`${reports}: outcomes.jsonl and answers.jsonl belong to two different runs`),
    )
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
