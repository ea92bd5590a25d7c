/** An ordered sequence: a trace that every kernel must play alike, its errno in plain text. */
import { test, type TestContext } from 'vitest'
import type { Answer, Step } from './call.ts'
import { Complaint } from './complaint.ts'
import { host, kernel, release } from './here.ts'
import { offences, printAllowed } from './judge.ts'
import { errnos } from './names.ts'
import { advance, expected, type Allowed } from './oracle.ts'
import { withCreations } from './play.ts'
import { reached, type Since } from './release.ts'
import { boot } from './rules.ts'
import { parse, print, printAnswer, printCall } from './trace.ts'
import type { Report } from './verdict.ts'

/** Releases in which a sequence holds; the table has the rows that say why. */
export interface Dated { since?: Since; until?: Since }

const agrees = (said: Answer, came: Answer): boolean =>
  said.ret === came.ret && (said.value === undefined || said.value === came.value)

const retOf = ({ errno }: Allowed) => (errno === undefined ? 0 : -errnos[errno])

/**
 * Why this host cannot be asked, from the table's own words: it refuses what the sequence takes for granted because the host
 * lacks something, or the sequence is about a lack that this host does not have.
 */
const notOffered = (step: Step, table: Allowed, here: Parameters<NonNullable<Allowed['refusal']>['when']>[0]): string | undefined => {
  if (table.refusal?.lacks && table.refusal.why !== step.why) return table.refusal.lacks(here, step.call.arg)
  const rows = step.why === undefined ? [] : here.world?.rules.get(step.call.ioctl)?.refuses.filter((r) => r.why === step.why) ?? []
  return rows.some((r) => r.lacks) && table.refusal?.why !== step.why ? `this host has what "${step.why}" is about` : undefined
}

/** Checks the sequence against the table before any kernel is asked: a skip's reason, or throws what contradicts. */
const foresee = (steps: readonly Step[]): string | undefined => {
  const world = boot(host, release)
  for (const step of steps) {
    const { call, answer, why } = step
    const table = expected(world, call)
    const line = printCall(call)
    if (!answer) throw new Complaint(`the sequence says no answer to ${line}`)
    if (retOf(table) !== answer.ret || table.refusal?.why !== why || (answer.value !== undefined && table.value !== undefined && table.value !== answer.value)) {
      const lack = notOffered(step, table, world.here.get(call.on) ?? ({} as never))
      if (lack) return lack
      throw new Complaint(`the sequence contradicts the table at ${line}: it says ${printAnswer(answer, call)}${why ? ` (${why})` : ''}, ` +
        `the table ${printAllowed(table, call)}`)
    }
    advance(world, call, answer)
  }
  return undefined
}

/** Ends the test with a verdict; anything but conforms fails it, whatever else is thrown afterwards. */
const conclude = ({ task, skip }: TestContext, report: Report): void => {
  task.meta.report = report
  if (report.verdict === 'not offered') skip(report.why)
  if (report.verdict === 'violates' || report.verdict === 'broken')
    throw new Error([report.why, report.trace, ...(report.allowed ?? []).map((a) => `  allowed here: ${a}`), ...(report.log ?? []).map((l) => `  kernel log: ${l}`)]
      .filter((l) => l !== undefined && l !== '').join('\n'))
}

/**
 * Declares a sequence. `text` is in the notation, every step with its answer and refusals with the rule's word; VMs and vcpus
 * it does not create are created before. The table is asked first, so that a mistake of ours is never blamed on the kernel.
 */
export const sequence = (title: string, text: string, { since, until }: Dated = {}): void => {
  test(title, async (context) => {
    const report: Report = { layer: 'sequence', verdict: 'conforms', lists: 0, calls: 0 }
    const end = (rest: Partial<Report>) => conclude(context, { ...report, ...rest })
    if (since !== undefined && !reached(release, since)) return end({ verdict: 'not offered', why: `holds since ${[since].flat().join(', ')}, this is ${release}` })
    if (until !== undefined && reached(release, until)) return end({ verdict: 'not offered', why: `held until ${[until].flat().join(', ')}, this is ${release}` })
    let steps: Step[]
    try {
      steps = withCreations(parse(text, title))
      const lack = foresee(steps)
      if (lack !== undefined) return end({ verdict: 'not offered', why: lack })
    } catch (error) {
      if (error instanceof Complaint) return end({ verdict: 'broken', why: error.message })
      throw error
    }
    const calls = steps.map((s) => s.call)
    const { answers, outcome, why, log } = await kernel.play(calls)
    report.lists = 1
    report.calls = answers.length
    const came = answers.map((answer, i): Step => ({ call: calls[i]!, answer, ...(agrees(steps[i]!.answer!, answer) && steps[i]!.why && { why: steps[i]!.why }) }))
    const wrong = answers.findIndex((answer, i) => !agrees(steps[i]!.answer!, answer))
    if (wrong >= 0) {
      const { call, answer, why: rule } = steps[wrong]!
      const row = expectedAt(steps, wrong)
      end({
        verdict: 'violates', why: 'another answer than the sequence says', trace: print(came.slice(0, wrong + 1)),
        allowed: [row ? printAllowed(row, call) : `${printAnswer(answer!, call)}${rule ? ` (${rule})` : ''}`], ...(log.length > 0 && { log }),
      })
    }
    const guilty = offences(log)
    if (guilty.length > 0) end({ verdict: 'violates', why: 'the kernel log complains', trace: print(came), log: guilty })
    if (outcome !== 'done') end({ verdict: 'broken', why: `${outcome}: ${why ?? ''}`, trace: print([...came, ...steps.slice(came.length, came.length + 1).map(({ call }) => ({ call }))]), ...(log.length > 0 && { log }) })
    end({ verdict: 'conforms', trace: print(came) })
  })
}

/** What the table allows at step `at` of a sequence that it agrees with. */
const expectedAt = (steps: readonly Step[], at: number): Allowed => {
  const world = boot(host, release)
  for (const { call, answer } of steps.slice(0, at)) advance(world, call, answer!)
  return expected(world, steps[at]!.call)
}

