/** Two runs, test by test: what passed and does not, and the other way round; a skip that was a pass is a loss. */
import { homeOf } from '../run/verdicts.ts'
import { idOf, type Outcome } from '../run/outcome.ts'
import type { Change, Kind } from './change.ts'

type State = 'passed' | 'failed' | 'skipped' | 'not played' | 'untold'

/** A known bug counts as a failure: the kernel has it. What is broken says nothing of the kernel. */
const stateOf = (outcome: Outcome | undefined, isCutOff: boolean): State => {
  if (!outcome) return isCutOff ? 'untold' : 'not played'
  const { verdict } = outcome
  if (verdict === 'broken' || verdict === 'not reproduced') return 'untold'
  return verdict === 'known' ? 'failed' : homeOf(verdict, false).counts
}

const kindOf = (was: State, is: State): Kind | undefined => {
  if (is === 'untold') return 'untold'
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

/** The changes of verdicts, a test each. `isCutOff`: B was not played to its end. */
export const testChanges = (a: readonly Outcome[], b: readonly Outcome[], isCutOff = false): Change[] => {
  const [onA, onB] = [a, b].map((all) => new Map(all.filter((o) => !o.isOutside).map((o) => [idOf(o), o])))
  return [...new Set([...onA!.keys(), ...onB!.keys()])].flatMap((id): Change[] => {
    const [was, is] = [onA!.get(id), onB!.get(id)]
    const isDrift = was?.verdict === 'conforms' && is?.verdict === 'drifts'
    const kind = isDrift ? 'drift' : kindOf(stateOf(was, false), stateOf(is, isCutOff))
    if (kind === undefined) return []
    const shown = kind === 'progression' ? was : is
    const trace = kind === 'lost' || kind === 'gained' ? undefined : shown?.trace
    const texts = { a: inWords(was), b: inWords(is) }
    return [{ kind, what: 'tests', ...texts, times: 1, tests: [id], ...(trace !== undefined && { trace }) }]
  })
}
