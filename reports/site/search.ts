/** What the search of the site finds: what it is called, what it is, and where. */
import { changes } from '../../fixtures/changes.ts'
import { errata } from '../../fixtures/errata.ts'
import { anchor, answerOf, type Book } from '../book/book.ts'
import type { KindCoverage } from '../book/coverage.ts'
import type { Drafts } from '../book/drafts.ts'
import { pageOf, type Column } from './column.ts'

/** Title, words, place. */
export type Entry = readonly [string, string, string]

export const SEARCH_INDEX = 'search-index.js'

/** Everything that can be found. */
export const entriesOf = (
  columns: readonly Column[],
  { chapters }: Book,
  { drafts }: Drafts,
  coverage: readonly KindCoverage[],
): Entry[] => [
  ...columns.flatMap((column): Entry[] => {
    const { name, run } = column
    return run
      ? [
          [name, `run of Linux ${run.results.kernel}`, pageOf(column)],
          ...run.failures.map(({ id, text, verdict }): Entry => [
            text,
            `${verdict} on ${name}`,
            `${pageOf(column)}#${id}`,
          ]),
        ]
      : []
  }),
  ...chapters.map(({ name }): Entry => [name, 'ioctl', `book.html#${anchor(name)}`]),
  ...chapters.flatMap(({ sections, grants }) =>
    [...sections.flatMap(({ refusals }) => refusals), ...grants].map(({ id, errno, says }): Entry => [
      id,
      `${answerOf(errno)}: ${says}`,
      `book.html#${anchor(id)}`,
    ]),
  ),
  ...errata.map(({ commit, title, saw }): Entry => [`${commit} ${title}`, saw, `book.html#${anchor(commit)}`]),
  ...changes.map(({ commit, title, since }): Entry => [
    `${commit} ${title}`,
    `since ${[since].flat()[0]}`,
    'book.html#changes',
  ]),
  ...drafts.map(({ name, about }): Entry => [name, about, `drafts.html#${anchor(name)}`]),
  ...coverage.flatMap(({ kind, names }) =>
    names
      .filter(({ isSeen }) => isSeen)
      .map(({ name }): Entry => [name, `${kind} of the kernel's headers`, `headers.html#${anchor(name)}`]),
  ),
]

/** The file: a program, since a page that was opened from a folder may read no other. */
export const searchIndex = (entries: readonly Entry[]): string =>
  `globalThis.searchIndex = ${JSON.stringify(entries).replaceAll('<', '\\u003c')}\n`
