/** What was proposed for this ABI, what shipped of it, and what kernels answer to that today. */
import { comparisonTitle, type Comparison, type Dialect, type Mail } from '../../harness/model/dialect.ts'
import type { Verdict } from '../../harness/model/verdict.ts'
import {
  hashOfQuestion,
  questionsOf,
  type AskedKernel,
  type Measured,
  type Measurement,
  type Question,
} from '../../harness/studies/proposals.ts'
import { outdented } from './book.ts'

/** What the kernels that gave one answer have in common, in words. */
export interface MeasuredWords {
  /** Absent: nothing was measured. */
  verdict?: Verdict
  words: string
}

/** One thing that was proposed. */
export interface ComparedDraft extends Omit<Comparison, 'asks'> {
  /** The trace that kernels were asked, without its indentation. */
  asks?: string
  measured: MeasuredWords[]
}

/** One dialect. */
export interface Draft {
  name: string
  about: string
  mail?: Mail
  compared: ComparedDraft[]
}

/** What the columns are, for whoever opens the drafts. */
export const INTRO =
  'What was proposed, what shipped, and what kernels answer to it: measured by the sequence below it. '
  + 'npm run book -- --dialect NAME writes the rules of each.'

/** All of them, and the kernels that were asked. */
export interface Drafts {
  drafts: Draft[]
  kernels: Measured['kernels']
}

/** `5.10.223, 6.1.176 (max-gicv3); 6.12.107 (cortex-a57-gicv2)`: kernels that were asked, in words. */
const inWords = (names: readonly string[], kernels: Measured['kernels']): string => {
  if (names.length === Object.keys(kernels).length)
    return `${[...new Set(names.map((name) => kernels[name]!.release))].join(', ')}, on every machine`
  const byMachine = new Map<string, AskedKernel[]>()
  for (const name of names) {
    const machine = name.replace(/^[^-]+-/, '')
    byMachine.set(machine, [...(byMachine.get(machine) ?? []), kernels[name]!])
  }
  return [...byMachine]
    .map(([machine, asked]) => `${asked.map(({ release }) => release).join(', ')} (${machine})`)
    .join('; ')
}

const said = ({ verdict, why }: Measurement, on: string): string =>
  verdict === 'conforms' ? `holds on ${on}` : `${verdict} on ${on}${why === undefined ? '' : `: ${why}`}`

/** Those that answered alike together, in the order in which they were asked. */
const measuredOf = (
  title: string,
  question: Question | undefined,
  { kernels, questions }: Measured,
): MeasuredWords[] => {
  if (!question) return [{ words: 'nothing that a kernel could be asked' }]
  const kept = questions[title]
  if (!kept) return [{ words: 'not measured' }]
  if (kept.asks !== hashOfQuestion(question)) return [{ words: 'not measured: the question changed since' }]
  const alike = new Map<string, { measurement: Measurement; names: string[] }>()
  for (const [name, measurement] of Object.entries(kept.on)) {
    const key = `${measurement.verdict} ${measurement.why ?? ''}`
    const known = alike.get(key)
    if (known) known.names.push(name)
    else alike.set(key, { measurement, names: [name] })
  }
  return [...alike.values()].map(({ measurement, names }) => ({
    verdict: measurement.verdict,
    words: said(measurement, inWords(names, kernels)),
  }))
}

const draftOf = (dialect: Dialect, measured: Measured): Draft => {
  const questions = questionsOf([dialect])
  return {
    name: dialect.name,
    about: dialect.about,
    ...(dialect.mail && { mail: dialect.mail }),
    compared: dialect.compared.map(({ asks, ...one }) => {
      const title = comparisonTitle(dialect, one)
      return {
        ...one,
        ...(asks !== undefined && { asks: outdented(asks) }),
        measured: measuredOf(title, questions.get(title), measured),
      }
    }),
  }
}

/** The dialects with what was measured for each. */
export const draftsOf = (dialects: readonly Dialect[], measured: Measured): Drafts => ({
  kernels: measured.kernels,
  drafts: dialects.map((dialect) => draftOf(dialect, measured)),
})
