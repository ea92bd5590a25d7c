/** A test that several shards played, each a part of its random sequences, as the one test that it is. */
import type { Verdict } from '../../harness/model/verdict.ts'
import { worstOf, type Alike } from '../../harness/model/worst-of.ts'
import { detailsOfAll, type Finding, type Outcome } from './outcome.ts'

type Found = Finding & Alike

/** What was found in one part; of what broke as a whole, such as a shard that was lost, what it says of itself. */
const foundIn = (part: Outcome): Found[] => {
  const { verdict, why, cause, counts = {}, counterexamples = [] } = part
  const told = counterexamples.filter((one): one is Found => one.alike !== undefined)
  if (told.length > 0 || verdict === 'conforms' || verdict === 'drifts' || verdict === 'not offered') return told
  const more = { ...(why !== undefined && { why }), ...(cause !== undefined && { cause }) }
  return [{ verdict, ...more, alike: { key: why ?? '', times: counts.broken ?? 0, ...(why !== undefined && { why }) } }]
}

/** What failed alike in several parts as one, with the trace of the first part: a run of all has that, too. */
const joined = (all: readonly Found[]): Found[] => {
  const causes = new Map<string, Found>()
  for (const one of all) {
    const key = `${one.verdict} ${one.alike.key}`
    const known = causes.get(key)
    const times = one.alike.times + (known?.alike.times ?? 0)
    const shown = known ?? one
    causes.set(key, { ...shown, alike: { ...shown.alike, times } })
  }
  return [...causes.values()]
}

const sum = (parts: readonly Outcome[], what: 'ms' | 'lists' | 'calls' | 'unknown'): number =>
  parts.reduce((total, part) => total + (part[what] ?? 0), 0)

const countsOf = (parts: readonly Outcome[]): Outcome['counts'] => {
  const counts: NonNullable<Outcome['counts']> = {}
  for (const [verdict, n] of parts.flatMap((part) => Object.entries(part.counts ?? {}) as [Verdict, number][]))
    counts[verdict] = (counts[verdict] ?? 0) + n
  return counts
}

/** The outcome of a test of `runs` random sequences from those of its parts, of which there is one at least. */
export const wholeOf = (parts: readonly Outcome[], runs: number): Outcome => {
  const { cause: _c, trace: _t, counterexamples: _e, why: _w, ...first } = parts[0]!
  const worst = worstOf(joined(parts.flatMap(foundIn)), runs)
  const unknown = sum(parts, 'unknown')
  const unwritten = parts.find((part) => part.unwritten !== undefined)?.unwritten
  const whole = {
    ...first,
    begun: Math.min(...parts.map(({ begun }) => begun)),
    ms: sum(parts, 'ms'),
    lists: sum(parts, 'lists'),
    calls: sum(parts, 'calls'),
    counts: countsOf(parts),
    ...(unknown > 0 && { unknown }),
    ...(unwritten !== undefined && { unwritten }),
  }
  if (!worst) return { ...whole, verdict: parts.find((part) => part.verdict !== 'conforms')?.verdict ?? 'conforms' }
  const { more = [], ...shown } = worst
  const { verdict, why, cause, trace } = shown
  return {
    ...whole,
    verdict,
    ...(why !== undefined && { why }),
    ...(cause !== undefined && { cause }),
    ...(trace && { trace, counterexamples: [shown, ...more] }),
    details: detailsOfAll(shown, more),
  }
}
