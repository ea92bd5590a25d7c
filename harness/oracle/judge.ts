/** The verdict on a whole list of answers, in words a maintainer can use. */
import { howListDiffers } from './other-list.ts'
import { errata } from '../../fixtures/errata.ts'
import { ioctlsOf } from '../dialects/index.ts'
import type { Call, Step } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { faultLines } from '../model/kernel-log.ts'
import type { Playing } from '../model/kernel.ts'
import type { Release } from '../model/release.ts'
import type { Ioctl } from '../model/rule.ts'
import type { Verdict } from '../model/verdict.ts'
import { affects, brokenRules, erratumName, type Erratum } from '../table/errata.ts'
import { printReply } from '../table/notation.ts'
import { boot, type RuledWorld, type Rules } from '../table/rules.ts'
import { badEndingOf, withUnanswered } from './ending.ts'
import { playIn } from './mock.ts'
import { opinionOf, retOf, type Allowed } from './oracle.ts'
import { turns } from './turns.ts'

export interface Judged {
  verdict: Verdict
  /** The calls with their answers and the rules that explain them, up to the answer in question. */
  steps: Step[]
  why?: string
  /** What was allowed at the last step, a line each. */
  allowed?: string[]
  log?: string[]
  /** How many answers were not judged, since nobody has looked what kernels answer there. */
  unknown?: number
}

/**
 * What the table answers, as a trace shows it: `-EPERM (too early)`; `ok = 0x1 or ok = 0x2` where the kernel may
 * choose.
 */
export const printTable = (allowed: Allowed, call: Call): string => {
  const { refusal, value, values } = allowed
  const ret = retOf(allowed)
  return (values ?? [value])
    .map((one) => printReply({ ret, ...(one !== undefined && { value: one }) }, call, refusal?.why))
    .join(' or ')
}

/** One allowed answer with its reason, as a report shows it. */
export const printAllowed = (allowed: Allowed, call: Call): string => {
  const { errno, refusal } = allowed
  if (!errno) return printTable(allowed, call)
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
  return erratum ? { ...result, verdict: 'known', why: erratumName(erratum) } : result
}

/** The rules of this host's kernel with the bug; undefined where the bug lies in what its dialect has changed. */
const rulesWith = (erratum: Erratum, host: Host, release: Release): Map<Ioctl, Rules> | undefined => {
  try {
    return brokenRules(erratum, release, ioctlsOf(host))
  } catch (error) {
    if (host.kernel.dialect === undefined) throw error
    return undefined
  }
}

/** A process that met an oops in the kernel is gone, or waits at its end for ever for the locks that it held there. */
const endsAlike = (broken: Playing['outcome'], came: Playing['outcome']): boolean =>
  broken === came || (broken === 'died' && came === 'hung')

/** True where a kernel with the bug would have answered just so, and logged such lines. */
const explains = (
  erratum: Erratum,
  host: Host,
  release: Release,
  calls: readonly Call[],
  playing: Playing,
): boolean => {
  const guilty = faultLines(playing.log)
  const rules = rulesWith(erratum, host, release)
  if (!rules) return false
  const world = () => boot(host, release, rules)
  if (!erratum.log) return guilty.length === 0 && judgedBy(world(), calls, playing).verdict === 'conforms'
  if (guilty.length === 0 || !guilty.every((line) => erratum.log!.test(line))) return false
  const broken = playIn(world(), calls.slice(0, playing.answers.length + 1))
  if (broken.log.length === 0) return false
  if (
    !erratum.isLate
    && (!endsAlike(broken.outcome, playing.outcome) || broken.answers.length !== playing.answers.length)
  )
    return false
  // A call that ends in an oops has no answer to be judged.
  return judgedBy(world(), calls, { ...playing, log: [], outcome: 'done' }).verdict === 'conforms'
}

/**
 * A bug of this host's kernel that explains all of these lines of its log: one that brings such lines about in these
 * calls.
 */
export const knownByLog = (host: Host, calls: readonly Call[], faults: readonly string[]): Erratum | undefined => {
  const { release } = host.kernel
  return errata.find((e) => {
    if (!affects(e, release) || !faults.every((line) => e.log?.test(line))) return false
    const rules = rulesWith(e, host, release)
    return rules !== undefined && playIn(boot(host, release, rules), calls).log.length > 0
  })
}

/** The comment at a step that was answered otherwise than the table does. */
const expectedInstead = ({ call, answer, why }: Step, table: Allowed): string => {
  const reply = printTable(table, call)
  const isOtherList = reply === printReply(answer!, call, why) && answer!.list && table.list
  return isOtherList ? howListDiffers(answer!.list!, table.list!) : `expected ${reply}`
}

const judgedBy = (world: RuledWorld, calls: readonly Call[], playing: Playing): Judged => {
  const { answers, outcome, log } = playing
  const steps: Step[] = []
  let drift: Judged | undefined
  let unknown = 0
  for (const { call, table, answer } of turns(world, calls, answers)) {
    const opinion = opinionOf(world, call, table, answer)
    const step: Step = { call, answer, ...('why' in opinion && opinion.why && { why: opinion.why }) }
    if (opinion.verdict === 'violates')
      return {
        verdict: 'violates',
        steps: [...steps, { ...step, comment: expectedInstead(step, table) }],
        allowed: opinion.allowed.map((a) => printAllowed(a, call)),
        ...(log.length > 0 && { log: [...log] }),
      }
    if (opinion.verdict === 'drifts')
      drift ??= {
        verdict: 'drifts',
        steps: [...steps, { ...step, comment: expectedInstead(step, table) }],
        allowed: [printAllowed(table, call)],
      }
    if (opinion.verdict === 'unknown') unknown++
    steps.push(step)
  }
  const bad = badEndingOf(playing)
  if (bad) return { ...bad, steps: withUnanswered(calls, steps, outcome) }
  return { ...(drift ?? { verdict: 'conforms', steps }), ...(unknown > 0 && { unknown }) }
}
