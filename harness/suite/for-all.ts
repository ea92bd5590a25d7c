/** A law's properties: they hold for each value that is drawn; what failed is asked again with the values that did. */
import fc from 'fast-check'
import type { Tools } from '../model/law.ts'
import { runSettings } from './here.ts'
import { LawOutcome } from './law-asking.ts'

/** Of each property of a law that was played: which of its drawn values failed, counted from 0. */
export type FailedValues = number[][]

/** A known bug ended the list: the value says nothing, and the law's report has the bug already. */
const isKnown = (reason: unknown): boolean => reason instanceof LawOutcome && reason.report.verdict === 'known'

/**
 * Gives the properties of a law that is asked once. Values that fail are noted in `failed`; of a property that stands
 * there already, only those are played: all of them would take a guest whose time is counted many minutes.
 */
export const forAllOf = (failed: FailedValues): Tools['forAll'] => {
  let properties = 0
  return async (arbitrary, body, runs = 100) => {
    const of = properties++
    const { seed } = runSettings
    const shrunk = async (at: number): Promise<void> => {
      const out = await fc.check(fc.asyncProperty(arbitrary, body), { seed, path: `${at}`, numRuns: 1 })
      if (out.failed && !isKnown(out.errorInstance)) throw out.errorInstance
    }
    if (failed[of]) {
      for (const at of failed[of]) await shrunk(at)
      return
    }
    const came = await Promise.allSettled(fc.sample(arbitrary, { seed, numRuns: runs }).map(body))
    failed[of] = came.flatMap((one, at) => (one.status === 'rejected' && !isKnown(one.reason) ? [at] : []))
    const [first] = failed[of]
    if (first === undefined) return
    // Played alone it may hold, but it failed once all the same.
    await shrunk(first)
    throw (came[first] as PromiseRejectedResult).reason
  }
}
