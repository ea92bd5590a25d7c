/** Numbers in a page that userspace shares with the kernel. */
import type { Contents } from '../../model/contents.ts'
import { overlap } from '../../model/overlap.ts'

const WORD = 8n
const meets = (offset: number, length: number) => (word: number) =>
  overlap(BigInt(offset), BigInt(length), BigInt(word), WORD)

/**
 * The number in so many bytes, of unordered words in one of their orders; undefined where the table does not know it.
 */
export const exampleAt = ({ bytes, isUnknown }: Contents, offset: number, length: number): bigint | undefined => {
  let value = 0n
  for (let i = length - 1; i >= 0; i--) {
    const byte = bytes.has(offset + i) ? bytes.get(offset + i) : isUnknown ? undefined : 0
    if (byte === undefined) return undefined
    value = (value << 8n) | BigInt(byte)
  }
  return value
}

/** The number in so many bytes; undefined where the table does not know it. */
export const readAt = (page: Contents, offset: number, length: number): bigint | undefined =>
  page.unordered?.some((words) => words.some(meets(offset, length))) ? undefined : exampleAt(page, offset, length)

const put = ({ bytes }: Contents, offset: number, length: number, value: bigint | undefined): void => {
  for (let i = 0; i < length; i++)
    bytes.set(offset + i, value === undefined ? undefined : Number((value >> BigInt(8 * i)) & 0xffn))
}

/** Writes a number of so many bytes; undefined is one that the table does not know. */
export const writeAt = (page: Contents, offset: number, length: number, value: bigint | undefined): void => {
  const isMet = meets(offset, length)
  // Which of some unordered words is written over nobody knows, nor which are left.
  for (const words of page.unordered?.filter((some) => some.some(isMet)) ?? [])
    for (const word of words) put(page, word, Number(WORD), undefined)
  if (page.unordered) page.unordered = page.unordered.filter((words) => !words.some(isMet))
  put(page, offset, length, value)
}

/** How many bytes from an offset on nobody has written: they all read as the first of them. */
export const untouchedFrom = ({ bytes }: Contents, offset: number): number => {
  let next = Infinity
  for (const at of bytes.keys()) if (at >= offset && at < next) next = at
  return next - offset
}

/** From one offset up to another nobody has written. */
export const forgetBytes = ({ bytes }: Contents, from: bigint, to: bigint): void => {
  for (const at of bytes.keys()) if (at >= from && at < to) bytes.delete(at)
}

/** Nobody knows what the kernel has written. */
export const forgetPage = (page: Contents): void => {
  page.bytes.clear()
  delete page.unordered
  page.isUnknown = true
}
