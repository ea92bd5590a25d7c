/** Random sequences on the target, judged by the oracle; what violates is shrunk to a shortest trace and saved. */
import fc from 'fast-check'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from './call.ts'
import { judged, type Judged } from './judge.ts'
import type { Kernel } from './kernels/kernel.ts'
import type { Release } from './release.ts'
import { print } from './trace.ts'
import type { Report, Verdict } from './verdict.ts'

/** Lists under way at a time: enough to keep two guests busy. */
const WINDOW = 64
/** Causes shrunk in one run; more would only say the same again. */
const MOST_CAUSES = 5
const SHRINK_MS = 60_000

/** A kernel, and the release whose rules judge it. */
export interface Judgeable { kernel: Kernel; release: Release }

const play = async ({ kernel, release }: Judgeable, calls: readonly Call[]): Promise<Judged> =>
  judged(kernel.host, release, calls, await kernel.play(calls))

/** What makes two failures the same cause: the call that failed and how. */
const cause = ({ verdict, steps, why, allowed }: Judged): string => {
  const last = steps.find((s) => !s.answer) ?? steps.at(-1)
  return [verdict, last?.call.ioctl.name, last?.answer?.ret, allowed?.[0]?.split(':')[0] ?? why?.split(';')[0]].join(' ')
}

/** Where counterexamples of a run are written. */
const TRACES = 'reports/out/traces'

const save = (name: string, { kernel: { host }, release }: Judgeable, { steps, allowed, why, log }: Judged, seed: number): string => {
  mkdirSync(TRACES, { recursive: true })
  const file = join(TRACES, `${name}.trace`)
  writeFileSync(file, [
    `# ${host.name}, Linux ${host.kernel.release} judged as ${release}, seed ${seed}`,
    print(steps), ...(why ? [`# ${why}`] : []), ...(allowed ?? []).map((a) => `# allowed here: ${a}`), ...(log ?? []).map((l) => `# kernel log: ${l}`), '',
  ].join('\n'))
  return file
}

/**
 * Draws `runs` sequences, plays and judges them all, shrinks one of each cause. `isBad`: which verdicts count as failures.
 * Gives the report; `failures` are complete texts for a maintainer.
 */
export const anyOrder = async (
  subject: Judgeable, arbitrary: fc.Arbitrary<readonly Call[]>, { runs, seed, strict }: { runs: number; seed: number; strict: boolean },
): Promise<{ report: Report; failures: string[] }> => {
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
  const failures: string[] = []
  for (const [key, { run, first, times }] of [...causes].slice(0, MOST_CAUSES)) {
    let shortest = first
    if (first.verdict !== 'broken')
      await fc.check(fc.asyncProperty(arbitrary, async (calls) => {
        const result = await play(subject, calls)
        if (!isBad(result.verdict) || cause(result) !== key) return true
        shortest = result
        return false
      }), { seed, path: String(run), interruptAfterTimeLimit: SHRINK_MS, numRuns: 1 })
    const file = save(key.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase(), subject, shortest, seed)
    failures.push([
      `${shortest.verdict}, ${times} of ${runs} sequences${shortest.why ? `: ${shortest.why}` : ''}`, print(shortest.steps),
      ...(shortest.allowed ?? []).map((a) => `  allowed here: ${a}`), ...(shortest.log ?? []).map((l) => `  kernel log: ${l}`), `  saved in ${file}`,
    ].join('\n'))
    if (report.verdict !== 'violates') {
      report.verdict = shortest.verdict
      report.trace = print(shortest.steps)
      if (shortest.allowed) report.allowed = shortest.allowed
      if (shortest.log) report.log = shortest.log
      if (shortest.why) report.why = shortest.why
    }
  }
  if (causes.size > MOST_CAUSES) failures.push(`and ${causes.size - MOST_CAUSES} causes more`)
  if (causes.size === 0 && report.counts!.drifts) report.verdict = 'drifts'
  return { report, failures }
}
