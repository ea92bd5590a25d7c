/** Failures that a user has listed as known, in a file outside of this project: a line each, with its reason. */
import { basename } from 'node:path'
import { readText } from '../../harness/process/files.ts'
import { isIn } from '../../harness/process/text-pattern.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { quoted } from '../../harness/process/visible.ts'
import type { Verdict } from '../../harness/model/verdict.ts'
import { idOf, type Finding, type Outcome } from './outcome.ts'

/** Bytes of the longest list. */
const MOST = 4 << 20

interface Line {
  /** The file's name and the number of the line. */
  place: string
  text: string
  /** Whether the text is in another. */
  isIn: (of: string) => boolean
  reason: string
  /** Whether it has been needed. */
  isUsed: boolean
  /** Whether a test that it names conforms. */
  isStale: boolean
}

const mayBeKnown = (verdict: Verdict): boolean => verdict === 'violates' || verdict === 'drifts'

const readLine = (line: string, place: string): Line[] => {
  if (line.trim() === '' || line.startsWith('#')) return []
  const [, text = '', reason = ''] = /^(.*?)\s+#\s+(.*\S)\s*$/.exec(line) ?? []
  if (text === '')
    throw new UserError(
      `${place}: ${quoted(line)} is no known failure; it takes an id, a name or a cause, and its reason after #`,
    )
  return [{ place, text, isIn: isIn(text), reason, isUsed: false, isStale: false }]
}

/** What one run makes of the list. */
export class KnownFailures {
  readonly #lines: readonly Line[]

  /** Reads the file. Throws a UserError where it cannot be read, or a line has no reason. */
  constructor(file: string) {
    this.#lines = readText(file, MOST)
      .split(/\r?\n/)
      .flatMap((line, i) => readLine(line, `${basename(file)}:${i + 1}`))
  }

  /**
   * The outcome as *known* where the list has its test, or the cause of everything that it found; what is broken or
   * did not come again is no failure of the kernel's, and stays.
   */
  judge(outcome: Outcome): Outcome {
    const { file, name, verdict, cause, counterexamples = [], details, why } = outcome
    const texts = [file, idOf(outcome), name]
    const own = this.#lines.find((line) => texts.some(line.isIn))
    if (!mayBeKnown(verdict)) {
      if (own && verdict === 'conforms') own.isStale = true
      return outcome
    }
    const found: readonly Pick<Finding, 'verdict' | 'cause'>[] =
      counterexamples.length > 0 ? counterexamples : [{ verdict, ...(cause !== undefined && { cause }) }]
    const lines = found
      .filter((one) => mayBeKnown(one.verdict))
      .map((one) => own ?? this.#lines.find((line) => one.cause !== undefined && line.isIn(one.cause)))
    if (lines.length === 0 || lines.includes(undefined)) return outcome
    for (const line of lines) line!.isUsed = true
    const listed = [...new Set(lines)].map((line) => `listed in ${line!.place}: ${line!.reason}`).join('; ')
    return {
      ...outcome,
      verdict: 'known',
      why: listed,
      cause: listed,
      details: [`${verdict}: ${cause ?? why ?? ''}`, ...details],
      counterexamples: counterexamples.map((one) => ({
        ...one,
        verdict: mayBeKnown(one.verdict) ? ('known' as const) : one.verdict,
        ...(mayBeKnown(one.verdict) && { why: listed, cause: listed }),
      })),
    }
  }

  /** What can be struck off the list, a line each: what it names, and what conforms. */
  notes(): string[] {
    return this.#lines
      .filter(({ isUsed, isStale }) => isStale && !isUsed)
      .map(({ place, text }) => `${place}: ${quoted(text)} is listed as known, and conforms`)
  }
}
