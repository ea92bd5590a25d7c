/** A run as its folder has it, for what is made of it afterwards. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ANSWERS, readAnswering } from '../../reports/run/answers.ts'
import { suiteId } from '../../reports/run/ids.ts'
import type { Outcome, Run } from '../../reports/run/outcome.ts'
import { refuseOtherTests, refuseTwoRuns } from '../../reports/run/one-run.ts'
import { OUTCOMES, readRecord } from '../../reports/run/record.ts'
import { readResults, RESULTS } from '../../reports/run/results.ts'
import type { Results } from '../../reports/run/results-schema.ts'
import { UserError } from '../process/user-error.ts'

/** `unplayed`: the ids of the suites that were not played to their end. */
export interface PlayedRun {
  id: string
  run: Run
  outcomes: readonly Outcome[]
  unplayed: string[]
  results: Results
}

/** Reads the run in `folder`. Throws a UserError where there is none, it was not begun, or its files do not fit. */
export const readRun = (folder: string): PlayedRun => {
  for (const name of [OUTCOMES, ANSWERS, RESULTS])
    if (!existsSync(join(folder, name))) throw new UserError(`${folder}: there is no run in it (it has no ${name})`)
  const record = readRecord(join(folder, OUTCOMES))
  const { run: id, asked, suite, outcomes } = record
  const { run: ofAnswers, host, release, unseen, qemu } = readAnswering(join(folder, ANSWERS))
  refuseTwoRuns(folder, id, ofAnswers)
  const results = readResults(folder)
  refuseOtherTests(folder, record, results)
  const run: Run = { ...asked, host, release, unseen, suite, ...(qemu && { qemu }) }
  return { id, run, outcomes, unplayed: results.unplayed.map(suiteId), results }
}
