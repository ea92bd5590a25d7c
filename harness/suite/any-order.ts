/** Random sequences on the target, judged by the oracle; what violates is shrunk to a shortest trace. */
import fc from 'fast-check'
import type { Call } from '../model/call.ts'
import { causeOf, judgedReport, type JudgedReport } from './judged-report.ts'
import { playDrawn } from './play-drawn.ts'
import { confirm, inWords, seen, type Confirmed } from './confirm.ts'
import type { Judgeable, Kernel } from '../model/kernel.ts'
import type { Settings } from '../model/settings.ts'
import { runsOfShard } from '../model/shard.ts'
import type { Report } from '../model/verdict.ts'
import { MOST_CAUSES, worstOf, type Alike } from '../model/worst-of.ts'

/** Sequences that are asked for again until one of the same cause fails again. */
const MOST_WITNESSES = 3
const SHRINK_MS = 60_000

/** A sequence that failed; `isCleared`: it was asked for again already. */
interface Failure {
  run: number
  calls: readonly Call[]
  report: JudgedReport
  isCleared: boolean
}

/** Sequences that failed of one cause: those that were seen first, and how many there were. */
interface Cause {
  runs: [Failure, ...Failure[]]
  times: number
}

/** Asks for some sequences of a cause again; the last word where none fails again. */
const confirmCause = async (
  subject: Judgeable,
  runs: Cause['runs'],
): Promise<Confirmed<JudgedReport> & { run: number }> => {
  let last: Confirmed<JudgedReport> & { run: number }
  for (const { run, calls, report } of runs) {
    const first = { result: report, cause: causeOf(report)!, isUnclear: false, isCounted: false }
    last = {
      run,
      ...(await confirm(subject.kernel, first, (kernel) => judgedReport({ ...subject, kernel }, calls), causeOf)),
    }
    if (last.how === 'seen again') break
  }
  return last!
}

/** The shortest failure of the same cause that comes again, too. */
const shortest = async (
  subject: Judgeable,
  arbitrary: fc.Arbitrary<readonly Call[]>,
  seed: number,
  run: number,
  first: JudgedReport,
): Promise<JudgedReport> => {
  const key = causeOf(first)
  let least = first
  let calls: readonly Call[] = []
  await fc.check(
    fc.asyncProperty(arbitrary, async (tried) => {
      const result = await judgedReport(subject, tried)
      if (causeOf(result) !== key) return true
      least = result
      calls = tried
      return false
    }),
    { seed, path: String(run), interruptAfterTimeLimit: SHRINK_MS, numRuns: 1 },
  )
  if (least === first) return first
  const found = { result: least, cause: key!, isUnclear: false, isCounted: false }
  const again = await confirm(subject.kernel, found, (kernel) => judgedReport({ ...subject, kernel }, calls), causeOf)
  return again.how === 'seen again' ? again.result : first
}

/**
 * Draws `runs` sequences, of a `shard` its part of them, plays and judges them all; asks for one of each cause again,
 * and shrinks it. With `strict` a drift is a failure. Gives the report: the worst cause, and the others as `more`.
 */
export const anyOrder = async (
  subject: Judgeable,
  arbitrary: fc.Arbitrary<readonly Call[]>,
  { runs: all, seed, strict, shard }: Pick<Settings, 'runs' | 'seed' | 'strict' | 'shard'>,
): Promise<Report> => {
  const { first, runs } = shard ? runsOfShard(shard, all) : { first: 0, runs: all }
  const counts: NonNullable<Report['counts']> = {}
  const report: Report = { layer: 'any order', verdict: 'conforms', lists: 0, calls: 0, counts }
  const count = (verdict: Report['verdict'], by = 1) => {
    counts[verdict] = (counts[verdict] ?? 0) + by
  }
  const causes = new Map<string, Cause>()
  const note = (key: string, failure: Failure) => {
    const cause = causes.get(key)
    if (!cause) return causes.set(key, { runs: [failure], times: 1 })
    cause.times++
    if (cause.runs.length < MOST_WITNESSES) cause.runs.push(failure)
  }
  const one = async (run: number, calls: readonly Call[]): Promise<void> => {
    const ask = (kernel: Kernel) => judgedReport({ ...subject, kernel }, calls)
    const first = await seen(subject.kernel, ask, causeOf)
    // What may be of our making is cleared up at once: it is no cause that others share.
    const result = first.isUnclear ? inWords(await confirm(subject.kernel, first, ask, causeOf)) : first.result
    report.lists++
    report.calls += calls.length
    if (result.unknown) report.unknown = (report.unknown ?? 0) + result.unknown
    count(result.verdict)
    const key = result.verdict === 'not reproduced' ? result.verdict : causeOf(result)
    if (key !== undefined) note(key, { run, calls, report: result, isCleared: first.isUnclear })
  }
  await playDrawn(arbitrary, { first, runs, seed }, one)
  const found: (Report & Alike)[] = []
  let isDrifting = false
  for (const [key, cause] of causes) {
    const {
      runs: [earliest, ...others],
      times,
    } = cause
    const confirmed = earliest.isCleared ? undefined : await confirmCause(subject, [earliest, ...others])
    const told = confirmed ? inWords(confirmed) : earliest.report
    if (told.verdict !== earliest.report.verdict) {
      count(earliest.report.verdict, -times)
      count(told.verdict, times)
    }
    isDrifting ||= told.verdict === 'drifts'
    if (!strict && earliest.report.verdict === 'drifts') continue
    const isShrunk = confirmed?.how === 'seen again' && found.length < MOST_CAUSES
    const { steps: _, ...shown } = isShrunk ? await shortest(subject, arbitrary, seed, confirmed.run, told) : told
    found.push({ ...shown, alike: { key, times, ...(shown.why && { why: shown.why }) } })
  }
  const worst = worstOf(found, runs, shard && Infinity)
  if (!worst) return isDrifting ? { ...report, verdict: 'drifts' } : report
  const { lists: _lists, calls: _calls, unknown: _unknown, ...told } = worst
  return { ...report, ...told }
}
