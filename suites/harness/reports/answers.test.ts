/** answers.jsonl: what was answered is written, read again as it was, and refused in one line where it is damaged. */
import fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import type { Playing } from '../../../harness/model/kernel.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse, print } from '../../../harness/table/notation.ts'
import { answersReport, keepAnswers, readAnswers } from '../../../reports/run/answers.ts'
import { folder } from '../../../reports/run/folder.ts'
import { appendPlayed, type RecordedList } from '../../../reports/run/played.ts'
import { scratch } from '../command.ts'
import { run } from './sample-run.ts'

// Printed once, so that calls are as a reader makes them.
const steps = parse(
  print(
    withCreations(
      parse(`KVM_GET_API_VERSION -> ok = 0xc
KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
KVM_RUN -> -EPERM
KVM_RUN`),
    ),
  ),
)

const played = (rest: Partial<Playing>): RecordedList => ({
  suite: 'ordered_a',
  test: 'a test, n ≤ 64',
  calls: steps.map((s) => s.call),
  playing: {
    answers: steps.flatMap((s) => (s.answer ? [s.answer] : [])),
    outcome: 'hung',
    why: 'no answer within 10 s',
    log: ['4,a "line"\n'],
    ...rest,
  },
})

/** A file of these lists, of a run that did not end. */
const recording = (...lists: RecordedList[]): string => {
  const path = scratch()
  answersReport(
    folder(path, (line) => {
      throw new Error(line)
    }),
    'r1',
  ).start!(run)
  for (const list of lists) appendPlayed(join(path, 'answers.jsonl'), 'r1', list)
  return join(path, 'answers.jsonl')
}

const ended = (file: string): void => {
  const report = answersReport(
    folder(dirname(file), (line) => {
      throw new Error(line)
    }),
    'r1',
    true,
  )
  void report.end!([], { interrupted: false, unplayed: [], ms: 1, notes: [] })
}

test('what was played is read back as it was', () => {
  const lists = [played({}), played({ answers: [], outcome: 'lost' })]
  const file = recording(...lists)
  ended(file)
  const { header, played: read, missing } = readAnswers(file)
  expect(missing).toBeUndefined()
  expect(header).toEqual({
    version: 2,
    run: 'r1',
    target: run.target,
    release: run.release,
    seed: run.seed,
    host: run.host,
    unseen: run.unseen,
  })
  expect(read).toEqual(lists)
})

test('a damaged recording is refused at its line', () => {
  const file = recording(played({}), played({}))
  const lines = readFileSync(file, 'utf8').split('\n')
  const damaged: [lines: string[], complaint: string][] = [
    [[lines[0]!, lines[1]!.slice(0, -9), lines[2]!], ':2: this is not JSON'],
    [[lines[0]!, lines[1]!.replace('KVM_RUN', 'KVM_RUM')], ':2:'],
    [[lines[0]!, lines[1]!.replace('hung', 'gone')], ':2: outcome: '],
    [[lines[0]!.replace('"version":2', '"version":1'), lines[1]!], ':1: version: '],
    [[lines[0]!.replace('"maxVcpus"', '"maxVcpu"'), lines[1]!], ':1 is no host profile: '],
    [[], ':1: this is not JSON'],
  ]
  for (const [rest, complaint] of damaged) {
    writeFileSync(file, rest.join('\n'))
    const read = () => readAnswers(file)
    expect(read).toThrow(UserError)
    expect(read).toThrow(`${file}${complaint}`)
  }
})

test('of a recording that is cut off anywhere the lists before are read, and it says what is missing', () => {
  const file = recording(played({}), played({}))
  const text = readFileSync(file)
  const [head, first, second] = text
    .toString()
    .trimEnd()
    .split('\n')
    .map((l) => Buffer.byteLength(l) + 1) as [number, number, number]
  expect(readAnswers(file).missing).toBe('the run did not end, after 2 lists')
  fc.assert(
    fc.property(fc.integer({ min: head + 1, max: head + first + second - 2 }), (length) => {
      writeFileSync(file, text.subarray(0, length))
      const { played: read, missing } = readAnswers(file)
      // A line is whole without its newline, too.
      const whole = length >= head + first - 1 ? 1 : 0
      expect(read.length).toBe(whole)
      const isWithin = length > head + first || length < head + first - 1
      expect(missing).toBe(
        `${isWithin ? `cut off in line ${whole + 2}` : 'the run did not end'}, after ${whole === 1 ? '1 list' : 'no lists'}`,
      )
    }),
  )
})

test('lists of two runs in one file are refused', () => {
  const file = recording(played({}))
  appendPlayed(file, 'r2', played({}))
  expect(() => readAnswers(file)).toThrow(
    `${file}:3: this list is of another run (r2) than the file (r1); two runs were mixed`,
  )
})

test('of a run that goes on the lists of other tests are kept', () => {
  const file = recording(played({}), { ...played({}), test: 'another' }, { ...played({}), suite: 'laws_a' })
  ended(file)
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"run":"r1","su`)
  keepAnswers(file, 'r1', (suite, test) => suite === 'ordered_a' && test === 'a test, n ≤ 64')
  expect(readAnswers(file).played).toEqual([played({})])
})
