/** The tests that failed in an earlier run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { idOf } from '../../reports/run/outcome.ts'
import { OUTCOMES, readRecord, type AskedBefore } from '../../reports/run/record.ts'
import { homeOf } from '../../reports/run/verdicts.ts'
import { UserError } from '../process/user-error.ts'

/**
 * What the run in `folder` was asked, of the tests that failed in it alone. Throws a UserError where there is no run,
 * or none failed.
 */
export const failedIn = (folder: string): AskedBefore & { only: string[] } => {
  const file = join(folder, OUTCOMES)
  if (!existsSync(file)) throw new UserError(`${folder}: there is no run (no ${OUTCOMES} is there)`)
  const { asked, outcomes, isComplete } = readRecord(file)
  const only = outcomes
    .filter(({ verdict, isOutside }) => homeOf(verdict, asked.strict).counts === 'failed' && !isOutside)
    .map(idOf)
  if (only.length === 0)
    throw new UserError(
      `${folder}: no test failed in that run${isComplete ? '' : ', which did not end; --resume finishes it'}`,
    )
  const { exclude: _, shard: _one, ...rest } = asked
  return { ...rest, only }
}
