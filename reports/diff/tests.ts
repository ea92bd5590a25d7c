/** Two runs, test by test: what passed and does not, and the other way round; a skip that was a pass is a loss. */
import { homeOf } from '../run/verdicts.ts'
import { idOf, type Outcome } from '../run/outcome.ts'
import type { Change, Kind } from './change.ts'

type State = 'passed' | 'failed' | 'skipped' | 'not played'

/** A known bug counts as a failure: the kernel has it. */
const stateOf = (outcome: Outcome | undefined): State =>
  !outcome ? 'not played' : outcome.verdict === 'known' ? 'failed' : homeOf(outcome.verdict, false).counts

const kindOf = (was: State, is: State): Kind | undefined => {
  if (was === is) return undefined
  const isAsked = (state: State) => state === 'passed' || state === 'failed'
  if (isAsked(was) && !isAsked(is)) return 'lost'
  if (!isAsked(was) && isAsked(is)) return is === 'failed' ? 'regression' : 'gained'
  if (is === 'failed') return 'regression'
  return was === 'failed' ? 'progression' : undefined
}

/** In words: the verdict alone where it passed, else why. */
const inWords = (outcome: Outcome | undefined): string => {
  if (!outcome) return 'not played'
  const { verdict, cause, why } = outcome
  return verdict === 'conforms' || verdict === 'drifts' ? verdict : `${verdict}: ${cause ?? why ?? ''}`
}

/** The changes of verdicts, a test each. */
export const testChanges = (a: readonly Outcome[], b: readonly Outcome[]): Change[] => {
  const [onA, onB] = [a, b].map((all) => new Map(all.filter((o) => !o.isOutside).map((o) => [idOf(o), o])))
  return [...new Set([...onA!.keys(), ...onB!.keys()])].flatMap((id): Change[] => {
    const [was, is] = [onA!.get(id), onB!.get(id)]
    const isDrift = was?.verdict === 'conforms' && is?.verdict === 'drifts'
    const kind = isDrift ? 'drift' : kindOf(stateOf(was), stateOf(is))
    if (kind === undefined) return []
    const shown = kind === 'progression' ? was : is
    const trace = kind === 'lost' || kind === 'gained' ? undefined : shown?.trace
    const texts = { a: inWords(was), b: inWords(is) }
    return [{ kind, what: 'tests', ...texts, times: 1, tests: [id], ...(trace !== undefined && { trace }) }]
  })
}
