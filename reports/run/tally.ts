/** Outcomes, counted: what the closing lines and the exit code say. */
import { verdicts, type Verdict } from '../../harness/model/verdict.ts'
import type { Outcome } from './outcome.ts'
import { exitOf, homeOf } from './verdicts.ts'

export interface Tally {
  passed: number
  failed: number
  skipped: number
  verdicts: Record<Verdict, number>
  /** 0 conforms, 1 violates, 2 something is broken or nothing was played, 4 nothing but skips. */
  exit: 0 | 1 | 2 | 4
}

/** Counts outcomes; with `strict` a drift fails. */
export const tally = (outcomes: readonly Outcome[], strict: boolean): Tally => {
  const none = Object.fromEntries(verdicts.map((v) => [v, 0])) as Tally['verdicts']
  const all: Tally = { passed: 0, failed: 0, skipped: 0, verdicts: none, exit: 0 }
  const exits = new Set<1 | 2 | undefined>()
  for (const { verdict, layer } of outcomes) {
    all[homeOf(verdict, strict).counts]++
    all.verdicts[verdict]++
    exits.add(exitOf(verdict, layer, strict))
  }
  const isNothing = all.passed + all.failed + all.skipped === 0
  all.exit = exits.has(1) ? 1 : exits.has(2) || isNothing ? 2 : all.passed === 0 ? 4 : 0
  return all
}
