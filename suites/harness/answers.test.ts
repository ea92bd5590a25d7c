import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Complaint } from '../../harness/complaint.ts'
import type { Playing } from '../../harness/kernels/kernel.ts'
import { withCreations } from '../../harness/play.ts'
import { parse, print } from '../../harness/trace.ts'
import { answersReport, appendPlayed, readAnswers, type Played } from '../../reports/answers.ts'
import { folder } from '../../reports/folder.ts'
import { scratch } from './command.ts'
import { run } from './sample-run.ts'

// Printed once, so that calls are as a reader makes them.
const steps = parse(print(withCreations(parse(`KVM_GET_API_VERSION -> ok = 0xc
KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
KVM_RUN -> -EPERM
KVM_RUN`))))

const played = (rest: Partial<Playing>): Played => ({
  test: 'a test', calls: steps.map((s) => s.call),
  playing: {
    answers: steps.flatMap((s) => (s.answer ? [s.answer] : [])),
    outcome: 'hung', why: 'no answer within 10 s', log: ['4,a "line"\n'], ...rest,
  },
})

const recording = (...lists: Played[]): string => {
  const path = scratch()
  answersReport(folder(path, (line) => { throw new Error(line) })).start!(run)
  for (const list of lists) appendPlayed(join(path, 'answers.jsonl'), list)
  return join(path, 'answers.jsonl')
}

test('what was played is read back as it was', () => {
  const lists = [played({}), played({ answers: [], outcome: 'lost' })]
  const { header, played: read } = readAnswers(recording(...lists))
  expect(header).toEqual({ version: 1, target: run.target, release: run.release, seed: run.seed, host: run.host })
  expect(read).toEqual(lists)
})

test('a damaged recording is refused at its line', () => {
  const file = recording(played({}), played({}))
  const lines = readFileSync(file, 'utf8').split('\n')
  const damaged: [lines: string[], complaint: string][] = [
    [[lines[0]!, lines[1]!, lines[2]!.slice(0, -9)], ':3: not JSON'],
    [[lines[0]!, lines[1]!.replace('KVM_RUN', 'KVM_RUM')], ':2:'],
    [[lines[0]!, lines[1]!.replace('hung', 'gone')], ':2: outcome: '],
    [[lines[0]!.replace('"version":1', '"version":2'), lines[1]!], ':1: version: '],
    [[lines[0]!.replace('"maxVcpus"', '"maxVcpu"'), lines[1]!], ':1 is no host profile: '],
    [[], ':1: not JSON'],
  ]
  for (const [rest, complaint] of damaged) {
    writeFileSync(file, rest.join('\n'))
    const read = () => readAnswers(file)
    expect(read).toThrow(Complaint)
    expect(read).toThrow(`${file}${complaint}`)
  }
})
