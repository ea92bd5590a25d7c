/** A law: one citable sentence that holds for every value, written by hand and independent of the table. */
import fc from 'fast-check'
import { test, type TestContext } from 'vitest'
import type { Answer, Step } from './call.ts'
import { Complaint } from './complaint.ts'
import { here, host, kernel } from './here.ts'
import type { Citation } from './ioctl.ts'
import { offences } from './judge.ts'
import { withCreations } from './play.ts'
import { parse, print } from './trace.ts'
import type { Report } from './verdict.ts'

/** What a kernel answered to a text: an answer a line, and the whole as a trace (created VMs and vcpus included). */
export interface Heard {
  answers: Answer[]
  /** The answer of the last line. */
  last: Answer
  trace: string
}

/** Thrown by a law's body through its tools; carries what the report shows. */
class Outcome extends Error {
  readonly report: Partial<Report>
  constructor(report: Partial<Report>) {
    super([report.why, report.trace, ...(report.allowed ?? []).map((a) => `  allowed here: ${a}`), ...(report.log ?? []).map((l) => `  kernel log: ${l}`)]
      .filter((l) => l !== undefined).join('\n'))
    this.report = report
  }
}

export interface Tools {
  /**
   * Plays a trace text (answers in it are ignored) in a fresh process. VMs and vcpus it does not create are created. Many may
   * be under way: Promise.all is the way to ask much. At most about 100 lines a text.
   */
  ask(text: string): Promise<Heard>
  /** Says that the law holds here, or what it allows instead at the last line of `heard`. */
  holds(isSo: boolean, heard: Heard, allowed: string): void
  /** The property for everything `arbitrary` draws, `runs` times (100 if not said); shrunk, with the run's seed. */
  forAll<T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => Promise<void>, runs?: number): Promise<void>
  /** This host cannot be asked: one line of why. */
  notOffered(why: string): never
  /** What the host offers; of caps, ask the kernel where the law is about them. */
  host: typeof host
}

const ask = (report: Report) => async (text: string): Promise<Heard> => {
  const said = parse(text).map(({ call }): Step => ({ call }))
  const steps = withCreations(said)
  const calls = steps.map((s) => s.call)
  const { answers, outcome, why, log } = await kernel.play(calls)
  report.lists++
  report.calls += answers.length
  const trace = print(calls.slice(0, answers.length + 1).map((call, i): Step => ({ call, ...(answers[i] && { answer: answers[i] }) })))
  const guilty = offences(log)
  if (guilty.length > 0) throw new Outcome({ verdict: 'violates', why: 'the kernel log complains', trace, log: guilty })
  if (outcome !== 'done') throw new Outcome({ verdict: 'broken', why: `${outcome}: ${why ?? ''}`, trace, ...(log.length > 0 && { log }) })
  const own = answers.slice(steps.length - said.length)
  return { answers: own, last: own.at(-1)!, trace }
}

const tools = (report: Report, cite: Citation): Tools => ({
  host,
  ask: ask(report),
  holds(isSo, { trace }, allowed) {
    if (!isSo) throw new Outcome({ verdict: 'violates', trace, allowed: [`${allowed} [${cite.at}]`] })
  },
  async forAll(arbitrary, body, runs = 100) {
    const out = await fc.check(fc.asyncProperty(arbitrary, body), { seed: here.seed, numRuns: runs })
    if (out.failed) throw out.errorInstance
  },
  notOffered(why) {
    throw new Outcome({ verdict: 'not offered', why })
  },
})

/**
 * Declares a law. The title is the sentence, `cite` where it comes from. The body asks the kernel and says what holds; whatever
 * else it throws is a fault of the suite, not of the kernel.
 */
export const law = (title: string, cite: Citation, body: (tools: Tools) => Promise<void>): void => {
  test(title, { timeout: 300_000 }, async ({ task, skip }: TestContext) => {
    const report: Report = { layer: 'law', verdict: 'conforms', lists: 0, calls: 0 }
    task.meta.report = report
    try {
      await body(tools(report, cite))
    } catch (error) {
      if (error instanceof Outcome) Object.assign(report, error.report)
      else Object.assign(report, { verdict: 'broken', why: error instanceof Complaint ? error.message : String((error as Error).stack ?? error) })
      if (report.verdict === 'not offered') skip(report.why)
      throw error
    }
  })
}
