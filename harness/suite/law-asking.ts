/** How a law asks a kernel: its texts, played many to a process, and what their answers come to. */
import type { Answer, Step } from '../model/call.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import type { Heard } from '../model/law.ts'
import type { Citation } from '../model/rule.ts'
import { failureText, type Report } from '../model/verdict.ts'
import { badEndingOf, withUnanswered } from '../oracle/ending.ts'
import { knownByLog } from '../oracle/judge.ts'
import { erratumName } from '../table/errata.ts'
import { print } from '../table/notation.ts'
import { CREATIONS, isOneOf, LINES, readText, sayAllowed, type Text, type TextLine } from './law-texts.ts'

/** Ends a law; carries what the report shows. */
export class LawOutcome extends Error {
  readonly report: Partial<Report>
  constructor(report: Partial<Report>) {
    super(failureText(report))
    this.report = report
  }
}

const stepsOf = (lines: readonly TextLine[], answers: readonly Answer[]): Step[] =>
  answers.map((answer, i) => ({ call: lines[i]!.call, answer }))

const traceOf = (
  lines: readonly TextLine[],
  answers: readonly Answer[],
  outcome: Playing['outcome'] = 'done',
): string =>
  print(
    withUnanswered(
      lines.map((l) => l.call),
      stepsOf(lines, answers),
      outcome,
    ),
  )

/** The trace of lines that were all answered, the last of them otherwise than expected. */
const traceTo = (expected: string, lines: readonly TextLine[], answers: readonly Answer[]): string => {
  const steps = stepsOf(lines, answers)
  return print([...steps.slice(0, -1), { ...steps.at(-1)!, comment: `expected ${expected}` }])
}

/** Calls that no later expectation of a law can rest on: those that failed, and those that only read. */
const isIdle = ({ call }: TextLine, { ret }: Answer): boolean =>
  ret < 0 || /^KVM_(GET|HAS|CHECK)_/.test(call.ioctl.name)

/**
 * The lines and answers of a list whose last line is answered wrongly, without the idle calls that this does not depend
 * on.
 */
const shrunk = async (
  kernel: Kernel,
  lines: readonly TextLine[],
  answers: readonly Answer[],
): Promise<[readonly TextLine[], readonly Answer[]]> => {
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
  return [kept, came]
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
      const known: Partial<Report> = { ...told, verdict: 'known', why: erratumName(erratum) }
      Object.assign(report, known)
      if (outcome !== 'done') throw new LawOutcome(known)
    }
    let from = 0
    return Promise.all(
      texts.map(async ({ lines, own }) => {
        const came = answers.slice(from, (from += lines.length))
        const created = lines.length - own
        const wrong = lines.findIndex(({ call, allowed }, i) => allowed && !isOneOf(allowed, came[i]!, call))
        if (wrong >= 0) {
          const expected = sayAllowed(lines[wrong]!.allowed!, lines[wrong]!.call)
          throw new LawOutcome({
            verdict: 'violates',
            trace: traceTo(expected, ...(await shrunk(kernel, lines.slice(0, wrong + 1), came.slice(0, wrong + 1)))),
            allowed: [`${expected} [${cite.at}]`],
          })
        }
        const upTo = (line: number) => [lines.slice(0, created + line + 1), came.slice(0, created + line + 1)] as const
        return {
          answers: came.slice(created),
          last: came.at(-1)!,
          trace: () => traceOf(lines, came),
          traceTo: (expected: string, line = own - 1) => traceTo(expected, ...upTo(line)),
        }
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
  const reading = (text: string) => readText(text, kernel.host)
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
