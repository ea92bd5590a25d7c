/** Whether the files in the folder of a run are of that run, and whole: they may have been copied, or a disk was full. */
import { UserError } from '../../harness/process/user-error.ts'
import { ANSWERS } from './answers.ts'
import { idOf } from './outcome.ts'
import { OUTCOMES, type RunRecord } from './record.ts'
import { RESULTS } from './results.ts'
import type { Results } from './results-schema.ts'

/** Throws a UserError where the ids of the runs are two. */
export const refuseTwoRuns = (folder: string, ofOutcomes: string, ofAnswers: string): void => {
  if (ofOutcomes !== ofAnswers)
    throw new UserError(`${folder}: ${OUTCOMES} and ${ANSWERS} belong to two different runs`)
}

/**
 * Throws a UserError where results.json has a test that outcomes.jsonl does not have, or with another verdict. Of a run
 * that was killed the latter has the tests since results.json was written last.
 */
export const refuseOtherTests = (folder: string, { outcomes }: RunRecord, { tests }: Results): void => {
  const told = new Map(outcomes.map((o) => [idOf(o), o.verdict]))
  const other = tests.find(({ id, verdict }) => told.get(id) !== verdict)
  if (other)
    throw new UserError(
      `${folder}: of ${other.id} ${RESULTS} says ${other.verdict}, and ${OUTCOMES} `
        + `${told.get(other.id) ?? 'nothing'}; one of them was cut off or is of another run`,
    )
}
