/**
 * Which VM that is saved on one host is restored on which other: a table of all, and a page for each that it leaves.
 */
import { UserError } from '../../harness/process/user-error.ts'
import { withLinks } from '../html/links.ts'
import { markup, type Markup } from '../html/markup.ts'
import type { Page } from '../html/page.ts'
import { isLoss } from '../migration/fate.ts'
import { fates, migrationOf } from '../migration/migration.ts'
import { migrationText } from '../migration/text.ts'
import { many } from '../run/words.ts'
import { sideOfHost } from '../diff/side.ts'
import { slugOf, type Column } from './column.ts'
import { columnHeads } from './matrix.ts'

/** A pair: how many pieces are lost, and all that is to be said; or why no VM is on both. */
export type Crossing = { lost: number; text: string } | { why: string }

/** Those that the table predicts, by where a VM is and where it goes. */
export type Crossings = ReadonlyMap<Column, ReadonlyMap<Column, Crossing>>

const crossing = async (a: Column, b: Column): Promise<Crossing> => {
  try {
    const all = await migrationOf(sideOfHost(a.name, a.host), sideOfHost(b.name, b.host))
    return { lost: fates(all).filter(({ kind }) => isLoss(kind)).length, text: migrationText(all) }
  } catch (error) {
    if (error instanceof UserError) return { why: error.message }
    throw error
  }
}

/** Predicts all between these columns. */
export const crossingsOf = async (columns: readonly Column[]): Promise<Crossings> => {
  const all = new Map<Column, Map<Column, Crossing>>()
  for (const a of columns) {
    const from = new Map<Column, Crossing>()
    for (const b of columns) if (a !== b) from.set(b, await crossing(a, b))
    all.set(a, from)
  }
  return all
}

/** The file of the page of what leaves a column, below `migration/`. */
const fileOf = (column: Column): string => `${slugOf(column)}.html`
const idOf = (column: Column): string => `to-${slugOf(column)}`

/** Pieces from which on a cell is as dark as any. */
const MOST = 60

const sign = (one: Crossing | undefined): { kind: string; words: string } =>
  one === undefined
    ? { kind: 'none', words: '' }
    : 'why' in one
      ? { kind: 'unseen', words: '–' }
      : one.lost === 0
        ? { kind: 'seen', words: '●' }
        : { kind: 'lost', words: String(one.lost) }

const cell = (a: Column, b: Column, one: Crossing | undefined, isEdge: boolean): Markup => {
  const { kind, words } = sign(one)
  return markup`<td class="${kind}${isEdge ? ' edge' : ''}"${kind === 'lost' ? markup` style="--lost: ${Math.min(Number(words), MOST)}"` : ''}${isEdge ? markup` data-branch="${b.branch}"` : ''}>${
    one && markup`<a href="migration/${fileOf(a)}#${idOf(b)}">${words}</a>`
  }</td>`
}

/** The page of the table. */
export const migrationPage = (crossings: Crossings): Page => {
  const columns = [...crossings.keys()]
  return {
    title: 'Migration',
    body: markup`
<h1>From which host to which</h1>
<p>A VM that was saved on the host of the line is restored on the host of the column: how many pieces of its state are lost
there, by what the table says. A mark leads to each piece, with the commit behind its loss.</p>
<p class="legend"><span><b class="seen">●</b> all of it is restored</span><span><b class="lost">3</b> pieces are lost</span>
<span><b class="unseen">–</b> no VM that both can make</span></p>
<div class="grid"><table class="marks wrapping">
${columnHeads(columns, 'from')}
<tbody>${columns.map(
      (a) =>
        markup`<tr><th scope="row"><a href="migration/${fileOf(a)}">${a.name}</a></th>${columns.map((b, i) =>
          cell(a, b, crossings.get(a)!.get(b), b.branch !== columns[i - 1]?.branch),
        )}</tr>\n`,
    )}</tbody>
</table></div>
<p class="status" role="status"></p>`,
  }
}

const section = (b: Column, one: Crossing): Markup => markup`
<section id="${idOf(b)}"><h2>to ${b.name}: ${
  'why' in one ? 'cannot be' : one.lost === 0 ? 'all is restored' : `${many(one.lost, 'piece')} lost`
}</h2><pre>${withLinks('why' in one ? one.why : one.text)}</pre></section>`

/** The pages of what leaves each column, by their files. */
export const crossingPages = (crossings: Crossings): [string, Page][] =>
  [...crossings].map(([a, from]) => [
    `migration/${fileOf(a)}`,
    {
      title: `From ${a.name}`,
      contents: [...from.keys()].map((b) => ({ href: `#${idOf(b)}`, text: `to ${b.name}` })),
      body: markup`<h1>From ${a.name}</h1>
<p>What becomes of a VM that was saved there, by what the table says.</p>
${[...from].map(([b, one]) => section(b, one))}`,
    },
  ])
