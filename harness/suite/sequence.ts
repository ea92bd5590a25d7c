/** An ordered sequence: a trace that every kernel must play alike, its errno in plain text. */
import type { Answer, Step } from '../model/call.ts'
import { UserError } from '../process/user-error.ts'
import { confirmedReport } from './confirm.ts'
import { kernel, release } from './here.ts'
import { judged, faultLines, placeOf, printAllowed, whyBroken, whyLogged, withUnanswered } from '../oracle/judge.ts'
import type { Judgeable } from './any-order.ts'
import { errnos } from '../names/index.ts'
import { advance, expected, type Allowed } from '../oracle/oracle.ts'
import { withCreations } from '../table/creations.ts'
import { reached, type Since } from '../model/release.ts'
import { reportedTest } from './reported-test.ts'
import { boot, type RuledWorld } from '../table/rules.ts'
import { parse, print, printAnswer, printCall } from '../table/notation.ts'
import type { Report } from '../model/verdict.ts'

/** Releases in which a sequence holds; the table has the rows that say why. */
export interface Dated {
  since?: Since
  until?: Since
}

const agrees = (said: Answer, came: Answer): boolean =>
  said.ret === came.ret && (said.value === undefined || said.value === came.value)

const retOf = ({ errno }: Allowed) => (errno === undefined ? 0 : -errnos[errno])

/**
 * Why this host cannot be asked, from the table's own words: it refuses what the sequence takes for granted because the host
 * lacks something, or the sequence is about a lack that this host does not have, or about what it never comes to.
 */
const notOffered = (step: Step, table: Allowed, { rules, host, descriptors }: RuledWorld): string | undefined => {
  const here = descriptors.get(step.call.on) ?? ({} as never)
  if (table.refusal?.lacks && table.refusal.why !== step.why) return table.refusal.lacks(here, step.call.arg)
  const rows =
    step.why === undefined ? [] : (rules.get(step.call.ioctl)?.refuses.filter((r) => r.why === step.why) ?? [])
  const inapplicable = [table.refusal, ...rows]
    .map((r) => r?.notApplicable?.(host))
    .find((words) => words !== undefined)
  if (inapplicable !== undefined && table.refusal?.why !== step.why) return inapplicable
  return rows.some((r) => r.lacks) && table.refusal?.why !== step.why
    ? `this host has what "${step.why}" is about`
    : undefined
}

/** Checks the sequence against the table before any kernel is asked: a skip's reason, or throws what contradicts. */
const checkAgainstTable = (steps: readonly Step[], { kernel: { host }, release }: Judgeable): string | undefined => {
  const world = boot(host, release)
  for (const step of steps) {
    const { call, answer, why } = step
    const table = expected(world, call)
    const line = printCall(call)
    if (!answer) throw new UserError(`the sequence says no answer to ${line}`)
    if (
      retOf(table) !== answer.ret
      || table.refusal?.why !== why
      || (answer.value !== undefined && table.value !== undefined && table.value !== answer.value)
    ) {
      const lack = notOffered(step, table, world)
      if (lack) return lack
      throw new UserError(
        `the sequence contradicts the table at ${line}: it says ${printAnswer(answer, call)}${why ? ` (${why})` : ''}, `
          + `the table ${printAllowed(table, call)}`,
      )
    }
    advance(world, call, answer)
  }
  return undefined
}

/** What the table allows at step `at` of a sequence that it agrees with. */
const expectedAt = (steps: readonly Step[], at: number, { kernel: { host }, release }: Judgeable): Allowed => {
  const world = boot(host, release)
  for (const { call, answer } of steps.slice(0, at)) advance(world, call, answer!)
  return expected(world, steps[at]!.call)
}

export interface Sequence extends Dated {
  title: string
  text: string
}

const ask = async ({ title, text, since, until }: Sequence, subject: Judgeable): Promise<Report> => {
  const { kernel, release } = subject
  const report: Report = { layer: 'sequence', verdict: 'conforms', lists: 0, calls: 0 }
  if (since !== undefined && !reached(release, since))
    return { ...report, verdict: 'not offered', why: `holds since ${[since].flat().join(', ')}, this is ${release}` }
  if (until !== undefined && reached(release, until))
    return { ...report, verdict: 'not offered', why: `held until ${[until].flat().join(', ')}, this is ${release}` }
  let steps: Step[]
  try {
    steps = withCreations(parse(text, title))
    const lack = checkAgainstTable(steps, subject)
    if (lack !== undefined) return { ...report, verdict: 'not offered', why: lack }
  } catch (error) {
    if (error instanceof UserError) return { ...report, verdict: 'broken', why: error.message }
    throw error
  }
  const calls = steps.map((s) => s.call)
  const playing = await kernel.play(calls)
  const { answers, outcome, why, log } = playing
  const came = answers.map((answer, i): Step => ({
    call: calls[i]!,
    answer,
    ...(agrees(steps[i]!.answer!, answer) && steps[i]!.why && { why: steps[i]!.why }),
  }))
  const played: Report = { ...report, lists: 1, calls: answers.length, trace: print(came) }
  const wrong = answers.findIndex((answer, i) => !agrees(steps[i]!.answer!, answer))
  const guilty = faultLines(log)
  if (wrong >= 0 || guilty.length > 0) {
    const { verdict, why: erratum } = judged(kernel.host, release, calls, playing)
    if (verdict === 'known')
      return { ...played, verdict, ...(erratum && { why: erratum }), ...(guilty.length > 0 && { log: guilty }) }
  }
  if (wrong >= 0)
    return {
      ...played,
      verdict: 'violates',
      why: 'another answer than the sequence says',
      trace: print(came.slice(0, wrong + 1)),
      allowed: [printAllowed(expectedAt(steps, wrong, subject), steps[wrong]!.call)],
      ...(log.length > 0 && { log }),
    }
  const all = { ...played, trace: print(withUnanswered(calls, came, outcome)) }
  if (guilty.length > 0) return { ...all, verdict: 'violates', why: whyLogged({ outcome, why }), log: guilty }
  if (outcome !== 'done')
    return { ...all, verdict: 'broken', why: whyBroken({ outcome, why }), ...(log.length > 0 && { log }) }
  return played
}

/** The line that was answered wrongly, or what the kernel log says there: the value may be another each time. */
const causeOf = ({ verdict, trace = '', log }: Report): string | undefined => {
  if (verdict !== 'violates' && verdict !== 'broken') return undefined
  const lines = trace.split('\n')
  return [verdict, lines.length, lines.at(-1)!.split(' = ')[0], placeOf(faultLines(log ?? [])[0])].join(' ')
}

/**
 * What a kernel makes of a sequence; what is wrong was seen twice. Does not throw: a mistake of ours is broken, and never
 * blamed on the kernel.
 */
export const runSequence = (sequence: Sequence, { kernel, release }: Judgeable): Promise<Report> =>
  confirmedReport(kernel, (on) => ask(sequence, { kernel: on, release }), causeOf)

let gathered: Sequence[] | undefined

/** The sequences that a module declares while it is imported, instead of tests: to perform them on other kernels. */
export const sequencesOf = async (imported: () => Promise<unknown>): Promise<Sequence[]> => {
  const sequences: Sequence[] = (gathered = [])
  try {
    await imported()
  } finally {
    gathered = undefined
  }
  return sequences
}

/**
 * Declares a sequence. `text` is in the notation, every step with its answer and refusals with the rule's word; VMs and vcpus
 * it does not create are created before. The table is asked first, so that a mistake of ours is never blamed on the kernel.
 */
export const sequence = (title: string, text: string, dated: Dated = {}): void => {
  const declared: Sequence = { title, text, ...dated }
  if (gathered) {
    gathered.push(declared)
    return
  }
  reportedTest(title, () => runSequence(declared, { kernel, release }))
}
