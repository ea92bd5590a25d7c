/**
 * A run that is interrupted: what is on the disk is well-formed, says that it is not all, and the run can be finished.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { cutOff } from '../../../harness/run/resume.ts'
import { everySuite } from '../../../harness/run/suites.ts'
import { readRecord } from '../../../reports/run/record.ts'
import { command, scratch, type Ended } from '../command.ts'
import { expectFinished, expectIncomplete, killed, read } from './cut-off.ts'

let reports: string
let ended: Ended
beforeAll(async () => {
  reports = scratch(afterAll)
  ended = await killed(reports, 'SIGINT')
})

test('its reports and its last lines say what is missing', () => {
  expect(ended.code).toBe(130)
  expectIncomplete(reports)
  expect(ended.out).toMatch(/\nincomplete {3}[12] files? not played to the end; run --resume plays them\n/)
})

test('it does not go on with other options than it was begun with, and stays as it is', () => {
  const before = read(reports, 'outcomes.jsonl')
  const advice = 'to go on with it leave the option out, to begin another leave out --resume'
  const refuses = (given: Parameters<typeof cutOff>[1], line: string) =>
    expect(() => cutOff(reports, given)).toThrow(new UserError(line))
  refuses({ seed: 5 }, `--seed 5: the run in ${reports} was begun with --seed 20190307; ${advice}`)
  refuses({ strict: true }, `--strict: the run in ${reports} was begun without it; ${advice}`)
  refuses({ include: everySuite }, `--everything: the run in ${reports} was begun without it; ${advice}`)
  expect(read(reports, 'outcomes.jsonl')).toBe(before)
})

test('--resume plays what has no verdict, and nothing again', async () => {
  const before = readRecord(join(reports, 'outcomes.jsonl')).outcomes
  writeFileSync(join(reports, 'go'), '')
  const { code, out, err } = await command('run', '--resume', '--reports', reports)
  expect([err, code, out.trimEnd().split('\n').at(-1)]).toEqual(['', 0, '3 passed, 0 failed, 2 skipped'])
  expectFinished(reports)
  expect(readRecord(join(reports, 'outcomes.jsonl')).outcomes.slice(0, before.length)).toEqual(before)
})
