/** A law: one citable sentence that holds for every value, written by hand and independent of the table. */
import fc from 'fast-check'
import { test, type TestContext } from 'vitest'
import { errata } from '../fixtures/errata.ts'
import type { Answer, Call, Step } from './call.ts'
import { Complaint } from './complaint.ts'
import { affects } from './errata.ts'
import { here, kernel } from './here.ts'
import type { Host } from './host.ts'
import type { Citation } from './ioctl.ts'
import { offences } from './judge.ts'
import type { Kernel } from './kernels/kernel.ts'
import { withCreations } from './play.ts'
import { parse, print, printAnswer } from './trace.ts'
import { complaintOf, type Report } from './verdict.ts'

/** What a kernel answered to a text: an answer a line. */
export interface Heard {
  answers: Answer[]
  /** The answer of the last line. */
  last: Answer
  /** The trace up to line `line` of the text (all of it if not said), created VMs and vcpus included. */
  trace(line?: number): string
}

/** Thrown by a law's body through its tools; carries what the report shows. */
class Outcome extends Error {
  readonly report: Partial<Report>
  constructor(report: Partial<Report>) {
    super(complaintOf(report))
    this.report = report
  }
}

export interface Tools {
  /**
   * Plays a text in a fresh process. VMs and vcpus it does not create are created. A line may say how it must be answered:
   * `CALL -> ok`, `-> ok = 5`, `-> -ENOENT or -EINVAL`; a line that does not say so may be answered anyhow. Many texts may be
   * under way: Promise.all is the way to ask much. At most about 100 lines a text.
   */
  ask(text: string): Promise<Heard>
  /**
   * The same for many texts, each with a VM of its own, but several played by one process: where a process a text would be
   * slow.
   */
  askAll(texts: readonly string[]): Promise<Heard[]>
  /** Says that the law holds here, or what it allows instead at line `line` of `heard` (the last if not said). */
  holds(isSo: boolean, heard: Heard, allowed: string, line?: number): void
  /** The property for everything `arbitrary` draws, `runs` times (100 if not said); shrunk, with the run's seed. */
  forAll<T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => Promise<void>, runs?: number): Promise<void>
  /** This host cannot be asked: one line of why. */
  notOffered(why: string): never
  /** What the host offers; of caps, ask the kernel where the law is about them. */
  host: Host
}

/** A call of a text, and the answers the text allows; any where it does not say. */
interface Line { call: Call; allowed?: string[] }

interface Text { lines: Line[]; own: number }

const LINES = 100

/** The text with creations first; a VM that the text leaves to us is as big as the host can make it where 40 bits are too many. */
const read = (text: string, host: Host): Text => {
  const said = text.split('\n').map((l) => l.trim()).filter((l) => l !== '' && !l.startsWith('#')).map((l) => l.split(/\s+->\s+/))
  const steps = withCreations(parse(said.map(([call]) => call).join('\n')))
  const created = steps.length - said.length
  const limit = host.caps.KVM_CAP_ARM_VM_IPA_SIZE ?? 40
  return {
    own: said.length,
    lines: steps.map(({ call }, i): Line => {
      if (i < created) return { call: call.on === 'kvm' && limit < 40 ? { ...call, arg: BigInt(limit) } : call, allowed: ['ok'] }
      const allowed = said[i - created]![1]?.split(' or ')
      return { call, ...(allowed && { allowed }) }
    }),
  }
}

/** `ok` allows any value; `ok = 16` is the value 0x10, however the call's own notation writes it. */
const isOneOf = (allowed: readonly string[], answer: Answer, call: Call): boolean => {
  const text = printAnswer(answer, call)
  return allowed.some((said) => {
    const [head, value] = said.split(' = ')
    const isNumber = /^(\d+|0x[0-9a-f]+)$/.test(value ?? '')
    return text === said || (text.split(' = ')[0] === head && (value === undefined || (isNumber && BigInt(value) === answer.value)))
  })
}

const traceOf = (lines: readonly Line[], answers: readonly Answer[]): string =>
  print(lines.slice(0, answers.length + 1).map(({ call }, i): Step => ({ call, ...(answers[i] && { answer: answers[i] }) })))

/** Calls that no later expectation of a law can rest on: those that failed, and those that only read. */
const isIdle = ({ call }: Line, answer: Answer): boolean => answer.ret < 0 || /^KVM_(GET|HAS|CHECK)_/.test(call.ioctl.name)

/** Leaves idle calls out of a list while its last line is answered as wrongly as before; gives what stays, and the answers. */
const shrunk = async (kernel: Kernel, lines: readonly Line[], answers: readonly Answer[]): Promise<[readonly Line[], readonly Answer[]]> => {
  let came = answers
  let idle = lines.slice(0, -1).filter((line, i) => isIdle(line, answers[i]!))
  let kept = lines
  const isSame = (a: Answer | undefined) => a?.ret === answers.at(-1)!.ret && a.value === answers.at(-1)!.value
  for (let size = idle.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < idle.length;) {
      const out = new Set(idle.slice(at, at + size))
      const fewer = kept.filter((line) => !out.has(line))
      const { answers: again, outcome } = await kernel.play(fewer.map((l) => l.call))
      if (outcome !== 'done' || !isSame(again.at(-1))) at += size
      else [kept, came, idle] = [fewer, again, idle.filter((line) => !out.has(line))]
    }
  }
  return [kept, came]
}

const asking = (kernel: Kernel, cite: Citation, report: Report) => {
  const play = async (texts: readonly Text[]): Promise<Heard[]> => {
    const all = texts.flatMap((t) => t.lines)
    const { answers, outcome, why, log } = await kernel.play(all.map((l) => l.call))
    report.lists++
    report.calls += answers.length
    const guilty = offences(log)
    const erratum = errata.find((e) => affects(e, kernel.host.kernel.release) && guilty.length > 0 && guilty.every((line) => e.log?.test(line)))
    // What is known is remembered, and the law asked on.
    if (erratum) Object.assign(report, { verdict: 'known', why: `${erratum.fix} ${erratum.title}`, trace: traceOf(all, answers), log: guilty })
    else if (guilty.length > 0) throw new Outcome({ verdict: 'violates', why: 'the kernel log complains', trace: traceOf(all, answers), log: guilty })
    if (outcome !== 'done') throw new Outcome({ verdict: 'broken', why: `${outcome}: ${why ?? ''}`, trace: traceOf(all, answers), ...(log.length > 0 && { log }) })
    let from = 0
    return Promise.all(texts.map(async ({ lines, own }) => {
      const came = answers.slice(from, from += lines.length)
      const created = lines.length - own
      const trace = (line = own - 1) => traceOf(lines.slice(0, created + line + 1), came.slice(0, created + line + 1))
      const wrong = lines.findIndex(({ call, allowed }, i) => allowed && !isOneOf(allowed, came[i]!, call))
      if (wrong >= 0)
        throw new Outcome({
          verdict: 'violates', trace: traceOf(...await shrunk(kernel, lines.slice(0, wrong + 1), came.slice(0, wrong + 1))),
          allowed: [`${lines[wrong]!.allowed!.join(' or ')} [${cite.at}]`],
        })
      return { answers: came.slice(created), last: came.at(-1)!, trace }
    }))
  }
  return {
    ask: async (text: string) => (await play([read(text, kernel.host)]))[0]!,
    async askAll(texts: readonly string[]) {
      const lists: Text[][] = []
      let room = 0
      for (const text of texts.map((t) => read(t, kernel.host))) {
        if (text.lines.length > room) { lists.push([]); room = LINES }
        lists.at(-1)!.push(text)
        room -= text.lines.length
      }
      return (await Promise.all(lists.map(play))).flat()
    },
  }
}

const tools = (kernel: Kernel, cite: Citation, report: Report): Tools => ({
  host: kernel.host,
  ...asking(kernel, cite, report),
  holds(isSo, { trace }, allowed, line) {
    if (!isSo) throw new Outcome({ verdict: 'violates', trace: trace(line), allowed: [`${allowed} [${cite.at}]`] })
  },
  async forAll<T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => Promise<void>, runs = 100) {
    const parameters = { seed: here.seed, numRuns: runs }
    const drawn: T[] = []
    await fc.check(fc.asyncProperty(arbitrary, async (value) => { drawn.push(value) }), parameters)
    const came = await Promise.allSettled(drawn.map(body))
    const failed = came.find((c) => c.status === 'rejected')
    if (!failed) return
    // Again, one by one: only so is the value shrunk.
    const out = await fc.check(fc.asyncProperty(arbitrary, body), parameters)
    throw out.failed ? out.errorInstance : failed.reason
  },
  notOffered(why) {
    throw new Outcome({ verdict: 'not offered', why })
  },
})

export interface Law {
  title: string
  cite: Citation
  body(tools: Tools): Promise<void>
}

/** What a kernel makes of a law: conforms, violates with trace, known (of the log), not offered or broken. Does not throw. */
export const uphold = async ({ cite, body }: Law, on: Kernel): Promise<Report> => {
  const report: Report = { layer: 'law', verdict: 'conforms', lists: 0, calls: 0 }
  try {
    await body(tools(on, cite, report))
  } catch (error) {
    if (error instanceof Outcome) return { ...report, ...error.report }
    return { ...report, verdict: 'broken', why: error instanceof Complaint ? error.message : String((error as Error).stack ?? error) }
  }
  return report
}

let gathered: Law[] | undefined

/** The laws that a module declares while it is imported, instead of tests: to try them on other kernels. */
export const lawsOf = async (imported: () => Promise<unknown>): Promise<Law[]> => {
  const laws: Law[] = gathered = []
  try {
    await imported()
  } finally {
    gathered = undefined
  }
  return laws
}

/**
 * Declares a law. The title is the sentence, `cite` where it comes from. The body asks the kernel and says what holds; whatever
 * else it throws is a fault of the suite, not of the kernel.
 */
export const law = (title: string, cite: Citation, body: (tools: Tools) => Promise<void>): void => {
  if (gathered) {
    gathered.push({ title, cite, body })
    return
  }
  test(title, { timeout: 300_000 }, async ({ task, skip }: TestContext) => {
    const report = await uphold({ title, cite, body }, kernel)
    task.meta.report = report
    if (report.verdict === 'not offered') skip(report.why)
    if (report.verdict !== 'conforms' && report.verdict !== 'known') throw new Outcome(report)
  })
}
