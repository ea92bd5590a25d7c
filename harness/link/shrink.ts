/** Lists of calls in few bytes, for a UART that takes a while for each. */

/** What a reference costs; what is shorter stays as it is. */
const SHORTEST = 8

/**
 * The same text, with what stood in it before replaced by `~LEN,BACK;` as harness/agent/PROTOCOL.md says: a fifth of
 * the bytes where a list has many calls.
 */
export const shrink = (text: string): string => {
  const seen = new Map<string, number>()
  let shrunk = ''
  const keyAt = (at: number): string => text.slice(at, at + SHORTEST)
  for (let at = 0; at < text.length;) {
    const from = seen.get(keyAt(at))
    let length = 0
    if (from !== undefined) while (at + length < text.length && text[from + length] === text[at + length]) length++
    const reference = from === undefined ? '' : `~${length.toString(16)},${(at - from).toString(16)};`
    const isShorter = from !== undefined && reference.length < length
    const end = at + (isShorter ? length : 1)
    shrunk += isShorter ? reference : text[at]
    for (; at < end; at++) seen.set(keyAt(at), at)
  }
  return shrunk
}
