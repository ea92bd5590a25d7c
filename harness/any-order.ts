/** Random sequences on the target, judged by the oracle; what violates is shrunk to a shortest trace. */
import fc from 'fast-check'
import type { Call } from './call.ts'
import { judged, offences, type Judged } from './judge.ts'
import type { Kernel } from './kernels/kernel.ts'
import type { Release } from './release.ts'
import { print } from './trace.ts'
import type { Counterexample, Report, Verdict } from './verdict.ts'

/** Lists under way at a time: enough to keep two guests busy. */
const WINDOW = 64
/** Causes shrunk in one run; more would only say the same again. */
const MOST_CAUSES = 5
const SHRINK_MS = 60_000

/** A kernel, and the release whose rules judge it. */
export interface Judgeable { kernel: Kernel; release: Release }

const play = async ({ kernel, release }: Judgeable, calls: readonly Call[]): Promise<Judged> =>
  judged(kernel.host, release, calls, await kernel.play(calls))

/** A kernel log line without what is another at each time. */
const place = (line: string): string => line.replace(/\bCPU(: \d+|#\d+: \S+)|\bPID: \d+|0x[0-9a-f]+|\d{4,}/g, '')

/** What makes two failures the same cause: what the kernel log says, or the call that failed and how. */
const cause = ({ verdict, steps, why, allowed, log }: Judged): string => {
  const guilty = offences(log ?? [])[0]
  if (guilty !== undefined) return place(guilty)
  const last = steps.find((s) => !s.answer) ?? steps.at(-1)
  return [verdict, last?.call.ioctl.name, last?.answer?.ret, allowed?.[0]?.split(':')[0] ?? why?.split(';')[0]].join(' ')
}

/**
 * Draws `runs` sequences, plays and judges them all, shrinks one of each cause. `isBad`: which verdicts count as failures.
 * Gives the report: the first cause, and the others as `more`.
 */
export const anyOrder = async (
  subject: Judgeable, arbitrary: fc.Arbitrary<readonly Call[]>, { runs, seed, strict }: { runs: number; seed: number; strict: boolean },
): Promise<Report> => {
  const report: Report = { layer: 'any order', verdict: 'conforms', lists: 0, calls: 0, counts: {} }
  const isBad = (v: Verdict) => v === 'violates' || v === 'broken' || (strict && v === 'drifts')
  const sequences = fc.sample(arbitrary, { numRuns: runs, seed })
  const causes = new Map<string, { run: number; first: Judged; times: number }>()
  let next = 0
  const worker = async () => {
    while (next < sequences.length) {
      const run = next++
      const calls = sequences[run]!
      const result = await play(subject, calls)
      report.lists++
      report.calls += calls.length
      report.counts![result.verdict] = (report.counts![result.verdict] ?? 0) + 1
      if (!isBad(result.verdict)) continue
      const key = cause(result)
      const known = causes.get(key)
      if (known) known.times++
      else causes.set(key, { run, first: result, times: 1 })
    }
  }
  await Promise.all(Array.from({ length: WINDOW }, worker))
  const found: Counterexample[] = []
  for (const [key, { run, first, times }] of [...causes].slice(0, MOST_CAUSES)) {
    let shortest = first
    if (first.verdict !== 'broken')
      await fc.check(fc.asyncProperty(arbitrary, async (calls) => {
        const result = await play(subject, calls)
        if (!isBad(result.verdict) || cause(result) !== key) return true
        shortest = result
        return false
      }), { seed, path: String(run), interruptAfterTimeLimit: SHRINK_MS, numRuns: 1 })
    const { verdict, steps, why, allowed, log } = shortest
    found.push({
      verdict, why: `${verdict}, ${times} of ${runs} sequences${why ? `: ${why}` : ''}`, trace: print(steps),
      ...(allowed && { allowed }), ...(log && { log }),
    })
  }
  // What violates is said first: it is the verdict on the whole.
  const [worst, ...more] = found.toSorted((a, b) => Number(b.verdict === 'violates') - Number(a.verdict === 'violates'))
  if (causes.size > MOST_CAUSES) more.push({ verdict: worst!.verdict, why: `and ${causes.size - MOST_CAUSES} causes more` })
  if (worst) return { ...report, ...worst, ...(more.length > 0 && { more }) }
  return report.counts!.drifts ? { ...report, verdict: 'drifts' } : report
}
