/** What the oracle says of one list of calls, as a test reports it. */
import type { Call } from '../model/call.ts'
import { faultIn } from '../model/kernel-log.ts'
import type { Judgeable } from '../model/kernel.ts'
import type { Report } from '../model/verdict.ts'
import { judged, type Judged } from '../oracle/judge.ts'
import { print } from '../table/notation.ts'

/** A report with the steps that its trace shows. */
export type JudgedReport = Report & Pick<Judged, 'steps'>

/** What the oracle says of one list, as a report with the answered steps. */
export const judgedReport = async ({ kernel, release }: Judgeable, calls: readonly Call[]): Promise<JudgedReport> => {
  const result = judged(kernel.host, release, calls, await kernel.play(calls))
  // Most lists conform, and nobody reads their traces.
  return {
    layer: 'any order',
    ...result,
    get trace() {
      return print(result.steps)
    },
    lists: 1,
    calls: calls.length,
  }
}

/** What makes two failures the same cause: what the kernel log says, or the call that failed and how. */
export const causeOf = ({ verdict, steps, why, allowed, log }: JudgedReport): string | undefined => {
  if (verdict !== 'violates' && verdict !== 'drifts' && verdict !== 'broken') return undefined
  const fault = faultIn(log)
  if (fault !== undefined) return fault
  const last = steps.find((s) => !s.answer) ?? steps.at(-1)
  return [verdict, last?.call.ioctl.name, last?.answer?.ret, allowed?.[0]?.split(':')[0] ?? why?.split(';')[0]].join(
    ' ',
  )
}
