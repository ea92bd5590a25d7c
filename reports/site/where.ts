/** Where a rule was seen: what the book of the site adds to each. */
import { joined, markup, type Markup, type Piece } from '../html/markup.ts'
import type { MoreOfRule } from '../book/html.ts'
import { pageOf, type Column } from './column.ts'
import { classOf, signOf } from './mark.ts'

/** The columns that say so, of how many: their names, where there are few. */
const told = (sign: string, kind: string, words: string, where: readonly Column[], all: number): Markup => {
  const names = joined(
    where.map((column): Piece => (column.run ? markup`<a href="${pageOf(column)}">${column.name}</a>` : column.name)),
    ', ',
  )
  return markup`<details class="small"><summary><b class="${kind}">${sign}</b> ${words} ${where.length} of ${all}</summary>${names}</details>`
}

const failures = (id: string, columns: readonly Column[]): Markup[] =>
  columns.flatMap((column) =>
    (column.run?.failures ?? [])
      .filter(({ row }) => row === id)
      .map(
        ({ id: at, verdict }) =>
          markup`<p class="small"><b class="${classOf(verdict)}">${signOf(verdict)} ${verdict}</b> on <a href="${pageOf(column)}#${at}">${column.name}</a></p>`,
      ),
  )

/**
 * What is added to the rule of an id: its failures, the kernels that showed it, the hosts on which the table comes to
 * it.
 */
export const whereSeen =
  (columns: readonly Column[]): MoreOfRule =>
  (id) => {
    const [real, others] = [true, false].map((isReal) => columns.filter((column) => column.isReal === isReal)) as [
      Column[],
      Column[],
    ]
    const seen = (all: readonly Column[]) => all.filter((column) => column.seen.has(id))
    return [
      failures(id, columns),
      ...(real.length === 0 ? [] : [told('●', 'seen', 'seen on real kernels:', seen(real), real.length)]),
      ...(others.length === 0
        ? []
        : [told('○', 'table', 'the table comes to it on hosts:', seen(others), others.length)]),
    ]
  }
