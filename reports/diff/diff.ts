/** What changed from A to B: the hosts, the answers to the same calls, and of two runs the verdicts of tests. */
import { answerChanges } from './answers.ts'
import { together, type Change } from './change.ts'
import { hostChanges } from './hosts.ts'
import type { List, Side } from './side.ts'
import { testChanges } from './tests.ts'

export interface Diff {
  a: Side
  b: Side
  /** Regressions first. */
  changes: Change[]
  /** Lists of calls that both answered, and tests that either played. */
  lists: number
  tests: number
}

/** The lists of runs that are compared; those of `usual` where neither is a run. */
const listsOf = (a: Side, b: Side, usual: readonly List[]): List[] => {
  if (a.lists && b.lists) return [...a.lists].flatMap(([key, list]) => (b.lists!.has(key) ? [list] : []))
  return [...((a.lists ?? b.lists)?.values() ?? usual)]
}

/**
 * Compares. `usual`: lists of calls that are played on both, where neither is a run, which has its own. Of two runs the
 * tests say what is right or wrong, and calls only what is answered differently while both are right.
 */
export const diffOf = async (a: Side, b: Side, usual: readonly List[]): Promise<Diff> => {
  const { changes: answers, compared } = await answerChanges(a, b, listsOf(a, b, usual))
  const isOfTests = a.outcomes !== undefined && b.outcomes !== undefined
  const tests = isOfTests ? testChanges(a.outcomes!, b.outcomes!, b.missing !== undefined) : []
  return {
    a,
    b,
    changes: together([
      ...tests,
      ...answers.filter(({ kind }) => !isOfTests || kind === 'drift'),
      ...hostChanges(a.host, b.host),
    ]),
    lists: compared,
    tests: isOfTests ? new Set([...a.outcomes!, ...b.outcomes!].map(({ suite, test }) => `${suite}_${test}`)).size : 0,
  }
}

/** Whether all could be compared. */
export const isWhole = ({ a, b, changes }: Diff): boolean =>
  a.missing === undefined && b.missing === undefined && changes.every(({ kind }) => kind !== 'untold')

/** Whether B is worse: a regression or a loss; where it is strict, whether anything differs that was right. */
export const isWorse = ({ changes }: Diff, isStrict: boolean): boolean =>
  changes.some(({ kind }) => kind === 'regression' || kind === 'lost' || (isStrict && kind === 'drift'))
