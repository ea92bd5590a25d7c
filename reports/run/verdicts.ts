/** The verdicts, and where each goes in every format. */
import type { Layer, Verdict } from '../../harness/model/verdict.ts'

interface Home {
  /** How a KTAP result line begins, and its directive. */
  ktap: { ok: boolean; directive?: 'SKIP' | 'XFAIL' | 'ERROR' }
  /** The element inside JUnit's testcase. */
  junit?: 'failure' | 'skipped' | 'error'
  allure: 'passed' | 'failed' | 'skipped' | 'broken'
  /** What the closing line counts it as. */
  counts: 'passed' | 'failed' | 'skipped'
}

const homes: Record<Verdict, Home> = {
  conforms: { ktap: { ok: true }, allure: 'passed', counts: 'passed' },
  drifts: { ktap: { ok: true }, allure: 'passed', counts: 'passed' },
  violates: { ktap: { ok: false }, junit: 'failure', allure: 'failed', counts: 'failed' },
  'not reproduced': { ktap: { ok: false, directive: 'ERROR' }, junit: 'error', allure: 'broken', counts: 'failed' },
  'not offered': { ktap: { ok: true, directive: 'SKIP' }, junit: 'skipped', allure: 'skipped', counts: 'skipped' },
  known: { ktap: { ok: true, directive: 'XFAIL' }, junit: 'skipped', allure: 'failed', counts: 'skipped' },
  broken: { ktap: { ok: false, directive: 'ERROR' }, junit: 'error', allure: 'broken', counts: 'failed' },
}

/** Where a verdict goes; a drift goes where violations do if `strict`. */
export const homeOf = (verdict: Verdict, strict: boolean): Home =>
  homes[verdict === 'drifts' && strict ? 'violates' : verdict]

/**
 * What a verdict makes the command exit with: 1 for what the kernel, or a test of this project's own parts, got wrong;
 * 2 where the suite, the agent or the target failed, or what was wrong did not come again; undefined for all that does
 * not fail.
 */
export const exitOf = (verdict: Verdict, layer: Layer, strict: boolean): 1 | 2 | undefined => {
  if (homeOf(verdict, strict).counts !== 'failed') return undefined
  if (verdict === 'not reproduced') return 2
  return verdict === 'broken' && layer !== 'harness' && layer !== 'table' ? 2 : 1
}
