/** What a column says of a rule, as one mark: a shape of its own, so that none is told by its colour alone. */
import { holdsIn } from '../../harness/model/release.ts'
import type { Verdict } from '../../harness/model/verdict.ts'
import type { Row } from '../../harness/table/rows.ts'
import type { Column } from './column.ts'
import type { Failure } from './failure.ts'

/** From the worst to the best; its name is also its class. */
export const marks = {
  violates: { sign: '✕', words: 'violates' },
  broken: { sign: '!', words: 'broken' },
  'not reproduced': { sign: '?', words: 'violated once, and not again' },
  drifts: { sign: '▲', words: 'drifts' },
  known: { sign: '◆', words: 'a known bug' },
  seen: { sign: '●', words: 'seen at work on this kernel' },
  table: { sign: '○', words: 'the table comes to it on this host' },
  unseen: { sign: '·', words: 'not seen here' },
  none: { sign: '', words: 'no rule of this release' },
} as const
export type Mark = keyof typeof marks

const failing: readonly Mark[] = ['violates', 'broken', 'not reproduced', 'drifts', 'known']

/** Whether it is not as it should be. */
export const isFailing = (mark: Mark): boolean => failing.includes(mark)

/** The class that a mark or a verdict has on a page. */
export const classOf = (mark: Mark | Verdict): string => mark.replace(' ', '-')

/** The sign of a failure. */
export const signOf = (verdict: Verdict): string => (verdict in marks ? marks[verdict as Mark].sign : '')

/** The mark, and the failure that it is of. */
export const markOf = (row: Row, { run, seen, isReal, release }: Column): { mark: Mark; failure?: Failure } => {
  const own = run?.failures.filter((one) => one.row === row.id) ?? []
  for (const mark of failing) {
    const failure = own.find(({ verdict }) => verdict === mark)
    if (failure) return { mark, failure }
  }
  if (seen.has(row.id)) return { mark: isReal ? 'seen' : 'table' }
  return { mark: holdsIn(release, row) ? 'unseen' : 'none' }
}
