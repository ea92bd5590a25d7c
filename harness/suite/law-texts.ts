/** Texts that laws ask: lines of the notation that say how they must be answered, played many to a process. */
import type { Answer, Call, Step } from '../model/call.ts'
import { nameOf } from '../table/errata.ts'
import type { Host } from '../model/host.ts'
import type { Citation } from '../model/rule.ts'
import { badEndingOf, withUnanswered } from '../oracle/ending.ts'
import { knownByLog } from '../oracle/judge.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import { withCreations } from '../table/creations.ts'
import { parse, print, printAnswer } from '../table/notation.ts'
import { failureText, type Report } from '../model/verdict.ts'

/** What a kernel answered to a text: an answer a line. */
export interface Heard {
  answers: Answer[]
  /** The answer of the last line. */
  last: Answer
  /** The trace up to line `line` of the text (all of it if not said), created VMs and vcpus included. */
  trace(line?: number): string
}

/** Ends a law; carries what the report shows. */
export class LawOutcome extends Error {
  readonly report: Partial<Report>
  constructor(report: Partial<Report>) {
    super(failureText(report))
    this.report = report
  }
}

/** A call of a text, and the answers the text allows; any where it does not say. */
interface Line {
  call: Call
  allowed?: string[]
}

/** `own`: how many lines the text itself has; creations precede them. */
interface Text {
  lines: Line[]
  own: number
}

/** Lines one process plays at most, and how many of them make the VM and the vcpu that a text leaves out. */
const LINES = 100
const CREATIONS = 2

/** A VM that a text leaves out is as big as the host can make it where 40 bits are too many. */
const createdOn = ({ caps: { KVM_CAP_ARM_VM_IPA_SIZE: limit = 40 } }: Host, call: Call): Call =>
  call.on === 'kvm' && limit < 40 ? { ...call, arg: BigInt(limit) } : call

const read = (text: string, host: Host): Text => {
  const said = text
    .split('\n')
    .map((l) => l.trim())
    .filter((l) => l !== '' && !l.startsWith('#'))
    .map((l) => l.split(/\s+->\s+/))
  const steps = withCreations(parse(said.map(([call]) => call).join('\n')))
  const created = steps.length - said.length
  return {
    own: said.length,
    lines: steps.map(({ call }, i): Line => {
      if (i < created) return { call: createdOn(host, call), allowed: ['ok'] }
      const allowed = said[i - created]![1]?.split(' or ')
      return { call, ...(allowed && { allowed }) }
    }),
  }
}

/** `ok` allows any value; `ok = 16` is the value 0x10, however the call's own notation writes it. */
const isOneOf = (allowed: readonly string[], answer: Answer, call: Call): boolean => {
  const text = printAnswer(answer, call)
  const [came] = text.split(' = ')
  return allowed.some((said) => {
    const [head, value] = said.split(' = ')
    const isNumber = /^(\d+|0x[0-9a-f]+)$/.test(value ?? '')
    return text === said || (came === head && (value === undefined || (isNumber && BigInt(value) === answer.value)))
  })
}

const traceOf = (lines: readonly Line[], answers: readonly Answer[], outcome: Playing['outcome'] = 'done'): string =>
  print(
    withUnanswered(
      lines.map((l) => l.call),
      answers.map((answer, i): Step => ({ call: lines[i]!.call, answer })),
      outcome,
    ),
  )

/** Calls that no later expectation of a law can rest on: those that failed, and those that only read. */
const isIdle = ({ call }: Line, { ret }: Answer): boolean => ret < 0 || /^KVM_(GET|HAS|CHECK)_/.test(call.ioctl.name)

/** The trace of a list whose last line is answered wrongly, without the idle calls that it takes no notice of. */
const shrunk = async (kernel: Kernel, lines: readonly Line[], answers: readonly Answer[]): Promise<string> => {
  const wrong = answers.at(-1)!
  let kept = lines,
    came = answers
  let idle = lines.slice(0, -1).filter((line, i) => isIdle(line, answers[i]!))
  for (let size = idle.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < idle.length;) {
      const out = new Set(idle.slice(at, at + size))
      const fewer = kept.filter((line) => !out.has(line))
      const { answers: again, outcome } = await kernel.play(fewer.map((l) => l.call))
      const last = again.at(-1)
      if (outcome !== 'done' || last?.ret !== wrong.ret || last.value !== wrong.value) at += size
      else [kept, came, idle] = [fewer, again, idle.filter((line) => !out.has(line))]
    }
  }
  return traceOf(kept, came)
}

/** The tools by which a law asks `kernel`; see Tools in law.ts. Counts in `report` what is played. */
export const asking = (kernel: Kernel, cite: Citation, report: Report) => {
  const play = async (texts: readonly Text[]): Promise<Heard[]> => {
    const all = texts.flatMap((t) => t.lines)
    const calls = all.map((l) => l.call)
    const playing = await kernel.play(calls)
    const { answers, outcome } = playing
    report.lists++
    report.calls += answers.length
    const bad = badEndingOf(playing)
    if (bad) {
      const told: Partial<Report> = { ...bad, trace: traceOf(all, answers, outcome) }
      const erratum = bad.verdict === 'violates' ? knownByLog(kernel.host, calls, bad.log) : undefined
      if (!erratum) throw new LawOutcome(told)
      // What is known is remembered, and the law asked on where the kernel lets it.
      const known: Partial<Report> = { ...told, verdict: 'known', why: nameOf(erratum) }
      Object.assign(report, known)
      if (outcome !== 'done') throw new LawOutcome(known)
    }
    let from = 0
    return Promise.all(
      texts.map(async ({ lines, own }) => {
        const came = answers.slice(from, (from += lines.length))
        const created = lines.length - own
        const wrong = lines.findIndex(({ call, allowed }, i) => allowed && !isOneOf(allowed, came[i]!, call))
        if (wrong >= 0)
          throw new LawOutcome({
            verdict: 'violates',
            trace: await shrunk(kernel, lines.slice(0, wrong + 1), came.slice(0, wrong + 1)),
            allowed: [`${lines[wrong]!.allowed!.join(' or ')} [${cite.at}]`],
          })
        const trace = (line = own - 1) => traceOf(lines.slice(0, created + line + 1), came.slice(0, created + line + 1))
        return { answers: came.slice(created), last: came.at(-1)!, trace }
      }),
    )
  }
  const playAll = async (texts: readonly Text[]): Promise<Heard[]> => {
    const lists: Text[][] = []
    let room = 0
    for (const text of texts) {
      if (text.lines.length > room) {
        lists.push([])
        room = LINES
      }
      lists.at(-1)!.push(text)
      room -= text.lines.length
    }
    return (await Promise.all(lists.map(play))).flat()
  }
  const reading = (text: string) => read(text, kernel.host)
  return {
    ask: async (text: string): Promise<Heard> => (await play([reading(text)]))[0]!,
    askAll: async (texts: readonly string[]): Promise<void> => void (await playAll(texts.map(reading))),
    async askEach(before: readonly string[], pieces: readonly string[]): Promise<Answer[]> {
      const parts: string[][] = []
      let room = 0
      for (const lines of pieces.map((piece) => piece.split('\n'))) {
        if (lines.length > room) {
          parts.push([])
          room = LINES - before.length - CREATIONS
        }
        parts.at(-1)!.push(...lines)
        room -= lines.length
      }
      const heard = await playAll(parts.map((part) => reading([...before, ...part].join('\n'))))
      return heard.flatMap(({ answers }, i) => answers.slice(-parts[i]!.length))
    },
  }
}
