/** What went wrong in a run, and which rule of the table it is about. */
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Release } from '../../harness/model/release.ts'
import { deciding } from '../../harness/oracle/coverage.ts'
import { judged } from '../../harness/oracle/judge.ts'
import { turns } from '../../harness/oracle/turns.ts'
import { parse } from '../../harness/table/notation.ts'
import { boot } from '../../harness/table/rules.ts'
import { causesOf, type Cause } from '../formats/causes.ts'
import type { Outcome } from '../run/outcome.ts'

/** A cause with its place on the page of its run; `row`: the id of the rule that decides about the guilty call. */
export interface Failure extends Cause {
  id: string
  row?: string
}

/** The row of the first call that the table does not allow to be answered so, or else of the last one. */
const rowOfTrace = (trace: string, host: Host, release: Release): string | undefined => {
  const steps = parse(trace, undefined, ioctlsOf(host))
  if (steps.length === 0) return undefined
  const calls = steps.map(({ call }) => call)
  const unanswered = steps.findIndex(({ answer }) => !answer)
  const answers = steps.slice(0, unanswered < 0 ? undefined : unanswered).map(({ answer }) => answer!)
  const guilty =
    unanswered < 0 ? judged(host, release, calls, { answers, outcome: 'done', log: [] }).steps.length - 1 : unanswered
  const world = boot(host, release)
  for (const [i, { call, table }] of [...turns(world, calls, answers)].entries())
    if (i === guilty) return deciding(world, call, table)?.id
  return deciding(world, calls[guilty]!)?.id
}

/** The failures of a run. */
export const failuresOf = (outcomes: readonly Outcome[], host: Host, release: Release): Failure[] =>
  [...causesOf(outcomes).values()].map((cause, i) => {
    const row = cause.trace === undefined ? undefined : rowOfTrace(cause.trace, host, release)
    return { ...cause, id: `failure-${i + 1}`, ...(row !== undefined && { row }) }
  })
