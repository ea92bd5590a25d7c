/**
 * What real kernels make of the sequences by which dialects compare themselves with what shipped: measured, and kept in
 * fixtures/proposals.json.
 */
import { createHash } from 'node:crypto'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { comparisonTitle, type Comparison, type Dialect } from '../model/dialect.ts'
import type { Kernel } from '../model/kernel.ts'
import type { Release } from '../model/release.ts'
import type { Verdict } from '../model/verdict.ts'
import { mock } from '../oracle/mock.ts'
import { UserError } from '../process/user-error.ts'
import { runSequence } from '../suite/sequence.ts'
import { columns, type Column } from './matrix/columns.ts'

/** A kernel that was asked, and where. */
export interface AskedKernel {
  target: string
  release: Release
  unameR: string
}

/** What a kernel made of a sequence; `why`: the reason of a skip, or what was wrong. */
export interface Measurement {
  verdict: Verdict
  why?: string
}

/** `asks`: the hash of the sequence as it was asked; `on`: by the kernel's name among `kernels`. */
export interface KeptQuestion {
  asks: string
  on: Record<string, Measurement>
}

/** What was measured. Kernels have the names of columns of the matrix, questions the titles of the comparisons. */
export interface Measured {
  kernels: Record<string, AskedKernel>
  questions: Record<string, KeptQuestion>
}

/** Debian's four kernels, on a machine with a GICv3 and on one with a GICv2. */
const ASKED = [
  '5.10-max-gicv3',
  '6.1-max-gicv3',
  '6.12-max-gicv3',
  '7.2-max-gicv3',
  '5.10-max-gicv2',
  '6.1-max-gicv2',
  '6.12-cortex-a57-gicv2',
  '7.2-max-gicv2',
]

/** Where they are asked. */
export const askedColumns: readonly Column[] = ASKED.map((name) => columns.find((column) => column.name === name)!)

/** What a comparison asks, and in which releases it is answered so. */
export type Question = Pick<Comparison, 'since' | 'until'> & { asks: string }

/** A hash of what is asked and how it is answered, and of the releases; blanks do not count. */
export const hashOfQuestion = ({ asks, since, until }: Question): string =>
  createHash('sha256')
    .update(JSON.stringify([asks.trim().split(/\s+/).join(' '), since, until]))
    .digest('hex')
    .slice(0, 16)

/** The questions of the dialects, by their titles. */
export const questionsOf = (dialects: readonly Dialect[]): ReadonlyMap<string, Question> =>
  new Map(
    dialects.flatMap((dialect) =>
      dialect.compared.flatMap(({ about, asks, since, until }) =>
        asks === undefined
          ? []
          : [
              [
                comparisonTitle(dialect, { about }),
                { asks, ...(since && { since }), ...(until && { until }) },
              ] as const,
            ],
      ),
    ),
  )

/**
 * Asks a kernel all of them. Throws a UserError where one cannot be asked through a fault of ours, which says nothing
 * of the kernel.
 */
const measureOn = async (
  kernel: Kernel,
  questions: ReadonlyMap<string, Question>,
): Promise<Map<string, Measurement>> => {
  const measured = new Map<string, Measurement>()
  for (const [title, { asks, ...dated }] of questions) {
    const { verdict, why } = await runSequence(
      { title, text: asks, ...dated },
      { kernel, release: kernel.host.kernel.release },
    )
    if (verdict === 'broken') throw new UserError(`${kernel.host.name}: ${why ?? `${title}: ${verdict}`}`)
    measured.set(title, { verdict, ...(why !== undefined && { why }) })
  }
  return measured
}

/**
 * Asks each of the kernels, one after the other, on machines that are recorded; `open` opens a target. Throws a
 * UserError where one cannot be asked.
 */
export const measure = async (
  dialects: readonly Dialect[],
  on: readonly Column[],
  open: (target: string) => Promise<Kernel>,
): Promise<Measured> => {
  const questions = questionsOf(dialects)
  const all: Measured = { kernels: {}, questions: {} }
  for (const [title, question] of questions) all.questions[title] = { asks: hashOfQuestion(question), on: {} }
  // What contradicts the table would be told only after minutes, when such a kernel has been booted.
  for (const { name } of on) await measureOn(mock(hostNamed(name)), questions)
  for (const { name, target } of on) {
    const kernel = await open(target)
    try {
      const { release, unameR } = kernel.host.kernel
      all.kernels[name] = { target, release, unameR }
      for (const [title, measurement] of await measureOn(kernel, questions))
        all.questions[title]!.on[name] = measurement
    } finally {
      await kernel.close()
    }
  }
  return all
}

const printLines = (entries: Readonly<Record<string, unknown>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n')

/** The JSON that is kept: a line for each kernel, and for each question. */
export const printMeasured = ({ kernels, questions }: Measured): string =>
  `{\n "kernels": {\n${printLines(kernels)}\n },\n "questions": {\n${printLines(questions)}\n }\n}\n`

/** What was measured and is no longer asked, or is asked otherwise today, by its title. */
export const staleIn = ({ questions }: Measured, dialects: readonly Dialect[]): string[] => {
  const asked = questionsOf(dialects)
  return Object.entries(questions)
    .filter(([title, { asks }]) => !asked.has(title) || hashOfQuestion(asked.get(title)!) !== asks)
    .map(([title]) => title)
}
