/**
 * Whether a sequence agrees with the table: asked before any kernel is, so that no mistake of ours is blamed on one.
 */
import type { Step } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { howJudged, type Release } from '../model/release.ts'
import { printTable } from '../oracle/judge.ts'
import { hereOf, retOf, type Allowed } from '../oracle/oracle.ts'
import { turns } from '../oracle/turns.ts'
import { UserError } from '../process/user-error.ts'
import { printCall, printReply } from '../table/notation.ts'
import { boot, type RuledWorld } from '../table/rules.ts'
import type { SequenceStep } from './sequence-text.ts'

/** What the table answers at each step of a sequence that agrees with it; or why this host cannot be asked. */
export type TableView = { answers: Allowed[] } | { notOffered: string }

/**
 * Sequences are dated by the releases that were seen to answer them; the table knows of many changes by their commit,
 * in which release between two of these they came.
 */
const UNMEASURED = 'another answer came between two measured releases'

/**
 * Why this host cannot be asked, from the table's own words: it refuses what the sequence takes for granted because the
 * host lacks something, or the sequence is about a lack that this host does not have, or about what it never comes to.
 */
const notOffered = (step: Step, table: Allowed, world: RuledWorld): string | undefined => {
  if (table.refusal?.why === step.why) return undefined
  if (table.refusal?.lacks) return table.refusal.lacks(hereOf(world, step.call), step.call.arg)
  const rows = world.rules.get(step.call.ioctl)!.refuses.filter((r) => r.why === step.why)
  const inapplicable = [table.refusal, ...rows]
    .map((r) => r?.notApplicable?.(world.host))
    .find((words) => words !== undefined)
  if (inapplicable !== undefined) return inapplicable
  return rows.some((r) => r.lacks) ? `for hosts on which ${step.call.ioctl.name} is refused (${step.why})` : undefined
}

/** A sequence says no value where the kernel may choose: it would convict one that chose another. */
const agrees = ({ answer: { ret, value }, why }: SequenceStep, table: Allowed): boolean =>
  retOf(table) === ret
  && table.refusal?.why === why
  && (value === undefined || (!table.values && (table.value === undefined || table.value === value)))

/**
 * Goes through a sequence on a host with the rules of `release`. Throws a UserError that names file and line where the
 * table answers otherwise than the sequence says in a release that was measured.
 */
export const checkAgainstTable = (steps: readonly SequenceStep[], host: Host, release: Release): TableView => {
  const world = boot(host, release)
  const answers: Allowed[] = []
  for (const { call, table, answer } of turns(
    world,
    steps.map((s) => s.call),
    steps.map((s) => s.answer),
  )) {
    const step = steps[answers.length]!
    if (!agrees(step, table)) {
      const words = notOffered(step, table, world)
      if (words !== undefined) return { notOffered: words }
      if (howJudged(release) !== undefined) return { notOffered: UNMEASURED }
      // What the text leaves out has no line of its own.
      const place = step.isCreation ? `to ${printCall(call)} before the first line` : `to ${call.ioctl.name} here`
      throw new UserError(
        `${step.where}: the table answers ${printTable(table, call)} ${place}, `
          + `the sequence says ${printReply(answer, call, step.why)}`,
      )
    }
    answers.push(table)
  }
  return { answers }
}
