/**
 * Failures of one cause as one: told in full where its trace is the shortest, and elsewhere in a line that says where.
 */
import { detailsOf, idOf, type Finding, type Outcome } from '../run/outcome.ts'
import { many } from '../run/words.ts'

/** One thing that went wrong. */
export interface Cause {
  verdict: Outcome['verdict']
  /** In one line. */
  text: string
  /** Why, in the words of the test with the shortest trace; absent where `text` says it. */
  why?: string
  trace?: string
  /** The shortest trace, what was allowed, the kernel log. */
  details: string[]
  /** The test that these are of. */
  shown: Outcome
  /** Every test that failed so. */
  tests: Outcome[]
}

/** What a test found: several things where it judges many lists. What is its own verdict has no list. */
const findingsOf = (o: Outcome): (Finding & { details: string[] })[] => {
  if (o.verdict === 'conforms' || o.verdict === 'not offered') return []
  const { verdict, why, trace, cause, details, counterexamples = [] } = o
  if (counterexamples[0]?.verdict === verdict)
    return counterexamples.map((one) => ({ ...one, details: detailsOf(one) }))
  return [{ verdict, details, ...(why && { why }), ...(trace && { trace }), ...(cause && { cause }) }]
}

/** Of two traces as long as each other, the one whose test says most of what is due: the row with its sentence. */
const layers: readonly Outcome['layer'][] = ['sequence', 'any order', 'law', 'table', 'harness']

/** Whether a finding shows its cause better than what shows it until now. */
const isShorter = (trace: string | undefined, { layer }: Outcome, than: Cause): boolean => {
  const [lines, least] = [trace, than.trace].map((text) => (text ? text.split('\n').length : Infinity))
  return lines! < least! || (lines === least && layers.indexOf(layer) < layers.indexOf(than.shown.layer))
}

/**
 * The causes of what does not conform, in the order in which they are met; a test without a cause is one of its own.
 */
export const causesOf = (outcomes: readonly Outcome[]): Map<string, Cause> => {
  const causes = new Map<string, Cause>()
  for (const outcome of outcomes)
    for (const finding of findingsOf(outcome)) {
      const { verdict, cause, why, trace } = finding
      const text = cause ?? why ?? verdict
      const key = keyOf(outcome, finding)
      const details = finding.details[0] === why ? finding.details.slice(1) : finding.details
      const own = {
        verdict,
        text,
        details,
        shown: outcome,
        ...(why && why !== text && { why }),
        ...(trace && { trace }),
      }
      const known = causes.get(key)
      const tests = known?.tests ?? []
      if (tests.at(-1) !== outcome) tests.push(outcome)
      causes.set(key, { ...(known && !isShorter(trace, outcome, known) ? known : own), tests })
    }
  return causes
}

const keyOf = (outcome: Outcome, { verdict, cause }: Finding): string =>
  `${verdict} ${cause ?? `of ${idOf(outcome)} alone`}`

/** Those of a test. */
export const causesFor = (outcome: Outcome, all: ReadonlyMap<string, Cause>): Cause[] => [
  ...new Set(findingsOf(outcome).map((finding) => all.get(keyOf(outcome, finding))!)),
]

/** What a report says below the result of a test: all of it where its trace is shown, else whose is. */
export const detailsIn = (outcome: Outcome, all: ReadonlyMap<string, Cause>): string[] =>
  causesFor(outcome, all).flatMap(({ shown, text, why, details, tests }, i) => {
    const head = i === 0 ? [] : ['', text]
    if (shown !== outcome) return [...head, `same cause as ${idOf(shown)}, which has the trace`]
    const others = tests.length === 1 ? [] : [`${many(tests.length, 'test')} of this cause:`, ...tests.map(idOf)]
    return [...head, ...(why ? [why] : []), ...details, ...others]
  })
