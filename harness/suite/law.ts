/** Laws as tests: how one asks a kernel, and what comes of it. */
import { UserError } from '../process/user-error.ts'
import { dialectOf, ioctlsOf } from '../dialects/index.ts'
import { judged } from '../oracle/judge.ts'
import { mock } from '../oracle/mock.ts'
import { parse } from '../table/notation.ts'
import { confirmedReport } from './confirm.ts'
import { type FailedValues, forAllOf } from './for-all.ts'
import { kernel } from './here.ts'
import type { Citation } from '../model/rule.ts'
import type { Kernel } from '../model/kernel.ts'
import type { Law, Tools } from '../model/law.ts'
import { asking, LawOutcome } from './law-asking.ts'
import { reportedTest } from './reported-test.ts'
import type { Report } from '../model/verdict.ts'

const tools = (kernel: Kernel, cite: Citation, report: Report, failed: FailedValues): Tools => ({
  host: kernel.host,
  ...asking(kernel, cite, report),
  holds(isSo, heard, allowed, line) {
    if (!isSo)
      throw new LawOutcome({
        verdict: 'violates',
        trace: heard.traceTo(allowed, line),
        allowed: [`${allowed} [${cite.at}]`],
      })
  },
  forAll: forAllOf(failed),
  notOffered(why) {
    throw new LawOutcome({ verdict: 'not offered', why })
  },
})

/**
 * A law is written without the table; that a bug of this release explains the answers of its trace, the table knows.
 */
const unlessKnown = (told: Partial<Report>, { host }: Kernel): Partial<Report> => {
  if (told.verdict !== 'violates' || told.trace === undefined || (told.log ?? []).length > 0) return told
  const steps = parse(told.trace, 'trace', ioctlsOf(host))
  const answers = steps.flatMap(({ answer }) => answer ?? [])
  const calls = steps.map(({ call }) => call)
  const { verdict, why } = judged(host, host.kernel.release, calls, { answers, outcome: 'done', log: [] })
  return verdict === 'known' && answers.length === calls.length ? { ...told, verdict, why: why! } : told
}

const ask = async ({ cite, body }: Law, on: Kernel, failed: FailedValues = []): Promise<Report> => {
  const report: Report = { layer: 'law', verdict: 'conforms', lists: 0, calls: 0 }
  try {
    await body(tools(on, cite, report, failed))
  } catch (error) {
    if (error instanceof LawOutcome) return { ...report, ...unlessKnown(error.report, on) }
    const why = error instanceof UserError ? error.message : String((error as Error).stack ?? error)
    return { ...report, verdict: 'broken', why }
  }
  return report
}

/** Lists are under way side by side, so that another line of the same law may be the first to fail. */
const causeOf = ({ verdict }: Report): string | undefined =>
  verdict === 'violates' || verdict === 'drifts' || verdict === 'broken' ? verdict : undefined

/** How the dialect that the host's kernel speaks breaks a law of what shipped, in one line; undefined: it does not. */
const brokenBy = async (law: Law, { host }: Kernel): Promise<string | undefined> => {
  const dialect = dialectOf(host)
  if (!dialect || dialect.laws?.some(({ title }) => title === law.title)) return undefined
  const { verdict, why, trace } = await ask(law, mock(host))
  if (verdict !== 'violates' && verdict !== 'broken') return undefined
  const how = why?.replace(/^trace:\d+: /, '') ?? trace?.split('\n').at(-1)!.replace(/\s+/g, ' ') ?? verdict
  return `${dialect.name} breaks this law of what shipped: ${how}`
}

/**
 * What a kernel makes of a law: conforms, violates with a trace, not offered, broken, or known where a bug of
 * fixtures/errata.ts explains its log or its answers; what is wrong was seen twice. Does not throw.
 */
export const runLaw = async (law: Law, on: Kernel): Promise<Report> => {
  const broken = await brokenBy(law, on)
  const failed: FailedValues = []
  if (broken === undefined) return confirmedReport(on, (kernel) => ask(law, kernel, failed), causeOf)
  return { layer: 'law', verdict: 'not offered', why: broken, lists: 0, calls: 0 }
}

let gathered: Law[] | undefined

/** The laws that a module declares while it is imported, instead of tests: to try them on other kernels. */
export const lawsOf = async (imported: () => Promise<unknown>): Promise<Law[]> => {
  const laws: Law[] = (gathered = [])
  try {
    await imported()
  } finally {
    gathered = undefined
  }
  return laws
}

/**
 * Declares a law. The title is the sentence, `cite` where it comes from. The body asks the kernel and says what holds;
 * whatever else it throws is a fault of the suite, not of the kernel.
 */
export const law = (title: string, cite: Citation, body: (tools: Tools) => Promise<void>): void => {
  if (gathered) {
    gathered.push({ title, cite, body })
    return
  }
  reportedTest(title, () => runLaw({ title, cite, body }, kernel))
}
