/**
 * What test processes write into answers.jsonl: the lists that they play. All of them load this, so what reads that
 * file stands elsewhere.
 */
import { appendFileSync } from 'node:fs'
import type { Call } from '../../harness/model/call.ts'
import type { Playing } from '../../harness/model/kernel.ts'
import { print } from '../../harness/table/notation.ts'

/** One list of calls and what came back for it; the suite and the test that it was played for. */
export interface RecordedList {
  suite: string
  test: string
  calls: Call[]
  playing: Playing
}

/** A line of the file: the calls in the notation, those that were answered with their answers. */
export const printPlayed = (
  run: string,
  { suite, test, calls, playing: { answers, outcome, why, log } }: RecordedList,
): string => {
  const trace = print(calls.map((call, i) => ({ call, ...(answers[i] && { answer: answers[i] }) })))
  return JSON.stringify({ run, suite, test, trace, outcome, ...(why !== undefined && { why }), log })
}

/** Adds a list to the file; whole lines, even where several processes write at once. */
export const appendPlayed = (file: string, run: string, played: RecordedList): void =>
  appendFileSync(file, `${printPlayed(run, played)}\n`)
