/** Words of 64 bits that the kernel wrote in an order of its own: the table knows which, and no place of any. */
import type { Contents } from '../../model/contents.ts'
import { exampleAt, writeAt } from './shared-page.ts'

const WORD = 8

/** The words at these offsets, which are written, may as well be there in another order. */
export const forgetOrder = (page: Contents, offsets: readonly number[]): void => {
  if (offsets.length > 1) page.unordered = [...(page.unordered ?? []), offsets]
}

const around = ({ unordered = [] }: Contents, offset: number) => unordered.find((words) => words.includes(offset))

/** The words of which one is at that offset; undefined where no order is open. */
export const wordsOfOneAt = (page: Contents, offset: number): bigint[] | undefined =>
  around(page, offset)?.map((at) => exampleAt(page, at, WORD)!)

/** That one of them is there. */
export const chooseAt = (page: Contents, offset: number, chosen: bigint): void => {
  const all = around(page, offset)
  const from = all?.find((at) => exampleAt(page, at, WORD) === chosen)
  if (!all || from === undefined) return
  const others = all.filter((at) => at !== offset)
  const words = others.map((at) => exampleAt(page, at === from ? offset : at, WORD))
  writeAt(page, offset, WORD, chosen)
  for (const [i, at] of others.entries()) writeAt(page, at, WORD, words[i])
  forgetOrder(page, others)
}
