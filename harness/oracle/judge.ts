/** The verdict on a whole list of answers, in words a maintainer can use. */
import { errata } from '../../fixtures/errata.ts'
import type { Call, Step } from '../model/call.ts'
import { affects, brokenRules, nameOf, type Erratum } from '../table/errata.ts'
import type { Host } from '../model/host.ts'
import { isFault } from '../model/kernel-log.ts'
import type { Playing } from '../model/kernel.ts'
import { playIn } from './mock.ts'
import { advance, judge, type Allowed } from './oracle.ts'
import type { Release } from '../model/release.ts'
import { boot, type RuledWorld } from '../table/rules.ts'
import { printAnswer } from '../table/notation.ts'
import type { Verdict } from '../model/verdict.ts'

export interface Judged {
  verdict: Verdict
  /** The calls with their answers and the rules that explain them, up to the answer in question. */
  steps: Step[]
  why?: string
  /** What was allowed at the last step, a line each. */
  allowed?: string[]
  log?: string[]
}

/** Those of `log` that count against the kernel. */
export const faultLines = (log: readonly string[]): string[] => log.filter(isFault)

/** A kernel log line without what is another at each time; empty where there is none. */
export const placeOf = (line = ''): string => line.replace(/\bCPU(: \d+|#\d+: \S+)|\bPID: \d+|0x[0-9a-f]+|\d{4,}/g, '')

/** One allowed answer with its reason, as a report shows it. */
export const printAllowed = ({ errno, refusal, value }: Allowed, call: Call): string => {
  if (!errno) return printAnswer({ ret: 0, ...(value !== undefined && { value }) }, call)
  const cite = refusal!.errno === errno ? refusal!.cite : refusal!.instead!.cite
  return `-${errno} (${refusal!.why}): ${refusal!.says} [${cite.at}]`
}

/**
 * Judges what `calls` were answered on `host`, as `release` should. The first answer that violates ends it; a drift is
 * remembered and judging goes on. What an erratum that affects the release explains is known.
 */
export const judged = (host: Host, release: Release, calls: readonly Call[], playing: Playing): Judged => {
  const result = judgedBy(boot(host, release), calls, playing)
  if (result.verdict !== 'violates') return result
  const erratum = errata.find((e) => affects(e, release) && explains(e, host, release, calls, playing))
  return erratum ? { ...result, verdict: 'known', why: nameOf(erratum) } : result
}

/** True where a kernel with the bug would have answered just so, and logged such lines. */
const explains = (
  erratum: Erratum,
  host: Host,
  release: Release,
  calls: readonly Call[],
  playing: Playing,
): boolean => {
  const guilty = faultLines(playing.log)
  const world = () => boot(host, release, brokenRules(erratum, release))
  if (!erratum.log) return guilty.length === 0 && judgedBy(world(), calls, playing).verdict === 'conforms'
  if (guilty.length === 0 || !guilty.every((line) => erratum.log!.test(line))) return false
  const broken = playIn(world(), calls.slice(0, playing.answers.length + 1))
  if (broken.log.length === 0) return false
  if (!erratum.isLate && (broken.outcome !== playing.outcome || broken.answers.length !== playing.answers.length))
    return false
  // A call that ends in an oops has no answer to be judged.
  return judgedBy(world(), calls, { ...playing, log: [], outcome: 'done' }).verdict === 'conforms'
}

const judgedBy = (world: RuledWorld, calls: readonly Call[], { answers, outcome, why, log }: Playing): Judged => {
  const steps: Step[] = []
  let drift: Judged | undefined
  for (const [i, answer] of answers.entries()) {
    const call = calls[i]!
    const opinion = judge(world, call, answer)
    steps.push({ call, answer, ...('why' in opinion && opinion.why && { why: opinion.why }) })
    if (opinion.verdict === 'violates')
      return { verdict: 'violates', steps, allowed: opinion.allowed.map((a) => printAllowed(a, call)), ...logged(log) }
    if (opinion.verdict === 'drifts')
      drift ??= { verdict: 'drifts', steps: [...steps], allowed: [printAllowed(opinion.expected, call)] }
    advance(world, call, answer)
  }
  const guilty = faultLines(log)
  const all = { steps: withUnanswered(calls, steps, outcome) }
  if (guilty.length > 0) return { verdict: 'violates', ...all, why: whyLogged({ outcome, why }), log: guilty }
  if (outcome !== 'done') return { verdict: 'broken', ...all, why: whyBroken({ outcome, why }), ...logged(log) }
  return drift ?? { verdict: 'conforms', steps }
}

const logged = (log: readonly string[]) => (log.length > 0 ? { log: [...log] } : {})

/** The steps, and the call that did not return; where the agent was lost, all that may have been made. */
export const withUnanswered = (calls: readonly Call[], steps: readonly Step[], outcome: Playing['outcome']): Step[] => [
  ...steps,
  ...calls.slice(steps.length, outcome === 'lost' ? undefined : steps.length + 1).map((call) => ({ call })),
]

type Ending = { outcome: Playing['outcome']; why: string | undefined }

/** Why a list that was not done is broken, in one line. */
export const whyBroken = ({ outcome, why }: Ending): string => `${outcome}${why ? `: ${why}` : ''}`

/** Why a list with a fault in the kernel log violates, and what became of it. */
export const whyLogged = (ending: Ending): string =>
  `the kernel log complains${ending.outcome === 'done' ? '' : `; ${whyBroken(ending)}`}`
