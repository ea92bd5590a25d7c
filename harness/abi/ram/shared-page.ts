/** Numbers in a page that userspace shares with the kernel. */
import type { Contents } from '../../model/contents.ts'

/** The number in so many bytes; undefined where the table does not know it. */
export const readAt = ({ bytes, isUnknown }: Contents, offset: number, length: number): bigint | undefined => {
  let value = 0n
  for (let i = length - 1; i >= 0; i--) {
    const byte = bytes.has(offset + i) ? bytes.get(offset + i) : isUnknown ? undefined : 0
    if (byte === undefined) return undefined
    value = (value << 8n) | BigInt(byte)
  }
  return value
}

/** Writes a number of so many bytes; undefined is one that the table does not know. */
export const writeAt = (run: Contents, offset: number, length: number, value: bigint | undefined): void => {
  for (let i = 0; i < length; i++)
    run.bytes.set(offset + i, value === undefined ? undefined : Number((value >> BigInt(8 * i)) & 0xffn))
}

/** From one offset up to another nobody has written. */
export const forgetBytes = ({ bytes }: Contents, from: bigint, to: bigint): void => {
  for (const at of bytes.keys()) if (at >= from && at < to) bytes.delete(at)
}

/** Nobody knows what the kernel has written. */
export const forgetPage = (page: Contents): void => {
  page.bytes.clear()
  page.isUnknown = true
}
