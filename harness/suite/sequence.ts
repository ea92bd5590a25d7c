/** An ordered sequence: a trace that every kernel must play alike, its errno in plain text. */
import { ioctlsOf } from '../dialects/index.ts'
import type { Answer, Step } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { faultIn } from '../model/kernel-log.ts'
import type { Judgeable } from '../model/kernel.ts'
import { reached, type Dated, type Release } from '../model/release.ts'
import type { Report } from '../model/verdict.ts'
import { badEndingOf, withUnanswered } from '../oracle/ending.ts'
import { judged, printAllowed } from '../oracle/judge.ts'
import { UserError } from '../process/user-error.ts'
import { print, printReply } from '../table/notation.ts'
import { checkAgainstTable, type TableView } from './against-table.ts'
import { confirmedReport } from './confirm.ts'
import { kernel, release } from './here.ts'
import { reportedTest } from './reported-test.ts'
import { callingFile, stepsOf, type Sequence, type SequenceStep } from './sequence-text.ts'

export type { Sequence } from './sequence-text.ts'

const agrees = (said: Answer, came: Answer): boolean =>
  said.ret === came.ret && (said.value === undefined || said.value === came.value)

/** Why the sequence says nothing of this release, in words that are the same for all of which it says nothing. */
const otherRelease = ({ since, until }: Dated, release: Release): string | undefined => {
  if (since !== undefined && !reached(release, since)) return `holds since ${[since].flat().join(', ')}`
  return until !== undefined && reached(release, until) ? `held before ${[until].flat().join(', ')}` : undefined
}

/** A report, and the steps that its trace shows. */
type Played = Report & { steps: Step[] }

const withTrace = (report: Report, steps: Step[]): Played => ({ ...report, steps, trace: print(steps) })

/** Plays the sequence, which agrees with the table's `answers`, and says what came of it. */
const play = async (
  said: readonly SequenceStep[],
  answers: Extract<TableView, { answers: unknown }>['answers'],
  { kernel, release }: Judgeable,
): Promise<Played> => {
  const calls = said.map((s) => s.call)
  const playing = await kernel.play(calls)
  const { outcome, log } = playing
  const came = playing.answers.map((answer, i): Step => {
    const { call, why } = said[i]!
    return { call, answer, ...(agrees(said[i]!.answer, answer) && why && { why }) }
  })
  const report: Report = { layer: 'sequence', verdict: 'conforms', lists: 1, calls: came.length }
  const wrong = came.findIndex(({ answer }, i) => !agrees(said[i]!.answer, answer!))
  const bad = badEndingOf(playing)
  if (wrong >= 0 || bad?.verdict === 'violates') {
    const { verdict, why } = judged(kernel.host, release, calls, playing)
    if (verdict === 'known')
      return withTrace({ ...report, verdict, why: why!, ...(bad?.verdict === 'violates' && { log: bad.log }) }, came)
  }
  if (wrong >= 0) {
    const { call, answer, why } = said[wrong]!
    const guilty: Step = { ...came[wrong]!, comment: `expected ${printReply(answer, call, why)}` }
    return withTrace(
      {
        ...report,
        verdict: 'violates',
        allowed: [printAllowed(answers[wrong]!, call)],
        ...(log.length > 0 && { log }),
      },
      [...came.slice(0, wrong), guilty],
    )
  }
  return bad ? withTrace({ ...report, ...bad }, withUnanswered(calls, came, outcome)) : withTrace(report, came)
}

/**
 * Why the table of this host may rightly contradict a sequence: it is of what shipped, and the host speaks a dialect;
 * or it is of that dialect, and shown by another host.
 */
const isForOthers = ({ dialect, host: shownBy }: Sequence, { name, kernel }: Host): string | undefined => {
  if (kernel.dialect !== dialect) return `${kernel.dialect} answers otherwise than what shipped`
  return shownBy !== undefined && shownBy !== name ? `shown by host ${shownBy}` : undefined
}

const ask = async (sequence: Sequence, subject: Judgeable): Promise<Played> => {
  const unplayed = (verdict: 'not offered' | 'broken', why: string): Played => ({
    layer: 'sequence',
    verdict,
    why,
    lists: 0,
    calls: 0,
    steps: [],
  })
  const other = otherRelease(sequence, subject.release)
  if (other !== undefined) return unplayed('not offered', other)
  try {
    const steps = stepsOf(sequence, ioctlsOf(subject.kernel.host))
    const table = checkAgainstTable(steps, subject.kernel.host, subject.release)
    return 'notOffered' in table ? unplayed('not offered', table.notOffered) : await play(steps, table.answers, subject)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const others = isForOthers(sequence, subject.kernel.host)
    // The place is another in each sequence, while the reason is one of a few.
    return others === undefined
      ? unplayed('broken', error.message)
      : unplayed('not offered', `${others}: ${error.message.replace(/^\S+:\d+: /, '')}`)
  }
}

/** How far it came, what was answered there and what the kernel log says: the value may be another each time. */
const causeOf = ({ verdict, steps, log }: Played): string | undefined =>
  verdict === 'violates' || verdict === 'broken'
    ? [verdict, steps.length, steps.at(-1)?.answer?.ret, faultIn(log)].join(' ')
    : undefined

/**
 * What a kernel makes of a sequence; what is wrong was seen twice. Does not throw: a mistake of ours is broken, and
 * never blamed on the kernel.
 */
export const runSequence = async (sequence: Sequence, { kernel, release }: Judgeable): Promise<Report> => {
  const { steps: _, ...report } = await confirmedReport(kernel, (on) => ask(sequence, { kernel: on, release }), causeOf)
  return report
}

let gathered: Sequence[] | undefined

/** The sequences that a module declares while it is imported, instead of tests: to play them on other kernels. */
export const sequencesOf = async (imported: () => Promise<unknown>): Promise<Sequence[]> => {
  const sequences: Sequence[] = (gathered = [])
  try {
    await imported()
  } finally {
    gathered = undefined
  }
  return sequences
}

/** Declares a sequence that stands elsewhere. */
export const declareSequence = (declared: Sequence): void => {
  if (gathered) gathered.push(declared)
  else reportedTest(declared.title, () => runSequence(declared, { kernel, release }))
}

/**
 * Declares a sequence. `text` is in the notation, every step with its answer and refusals with the rule's word; VMs and
 * vcpus it does not create are created before. The table is asked first, so that a mistake of ours is never blamed on
 * the kernel.
 */
export const sequence = (title: string, text: string, dated: Dated = {}): void => {
  const file = callingFile(1)
  declareSequence({ title, text, ...dated, ...(file !== undefined && { file }) })
}
