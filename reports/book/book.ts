/** What the ABI book holds: chapters, disagreements, known errata. */
import { changes } from '../../fixtures/changes.ts'
import { errata } from '../../fixtures/errata.ts'
import { disagreements, type ListedDisagreement } from '../../harness/studies/disagreements.ts'
import type { AbiChange } from '../../harness/model/abi-change.ts'
import type { Erratum } from '../../harness/table/errata.ts'
import { measured } from '../../harness/model/release.ts'
import type { Example } from '../../harness/studies/examples/example.ts'
import type { Dialect } from '../../harness/model/dialect.ts'
import { chapters, proposedChapters, type Chapter } from './chapters.ts'
import { proposalOf, type Proposal } from './proposed.ts'

/** One disagreement, with all rows that show it. */
export interface Gathered {
  first: ListedDisagreement
  rows: ListedDisagreement[]
  seen: string[]
}

export interface Book {
  chapters: Chapter[]
  disagreements: Gathered[]
  /** Commits between the releases, oldest first. */
  changes: readonly AbiChange[]
  errata: readonly Erratum[]
  branches: readonly string[]
  /** Of a dialect: what it is. Its chapters have only what is its own. */
  proposal?: Proposal
}

/** Those that quote the same passage with the same words are one. */
const gathered = (all: readonly ListedDisagreement[]): Gathered[] => {
  const byWords = new Map<string, Gathered>()
  for (const one of all) {
    const key = [one.ioctl, one.saysCite.at, one.saysErrno, one.says].join('\n')
    const known = byWords.get(key)
    if (!known) byWords.set(key, { first: one, rows: [one], seen: one.seen })
    else {
      known.rows.push(one)
      known.seen = [...new Set([...known.seen, ...one.seen])]
    }
  }
  return [...byWords.values()]
}

export const bookOf = (examples: ReadonlyMap<string, Example>): Book => ({
  chapters: chapters(examples),
  disagreements: gathered(disagreements()),
  changes,
  errata,
  branches: measured,
})

/** The book of a dialect, with the rules that are its own. */
export const proposedBookOf = (dialect: Dialect, examples: ReadonlyMap<string, Example>): Book => ({
  chapters: proposedChapters(dialect, examples),
  disagreements: [],
  changes: [],
  errata: [],
  branches: [],
  proposal: proposalOf(dialect),
})

/** The name that a chapter, a row or an erratum has in links. */
export const anchor = (id: string): string => id.replace(/[^\w.]+/g, '-').replace(/-$/, '')

/** A trace of fixtures/errata.ts without the indentation of its file. */
export const outdented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n')

/** What a kernel answers, as a trace shows it. */
export const answerOf = (errno: string | undefined): string => (errno === undefined ? 'ok' : `-${errno}`)
