/** Lines out of a stream that comes in pieces: each byte is looked at once, and no line grows without end. */

/**
 * Gives what takes the pieces of a stream as they come, and hands on each line (as latin1, without its newline). Past
 * `most` bytes without a newline it calls `tooLong`, and takes nothing more.
 */
export const splitLines = (
  most: number,
  take: (line: string) => void,
  tooLong: () => void,
): ((chunk: Buffer) => void) => {
  let pieces: Buffer[] = []
  let held = 0
  let isOver = false
  return (chunk) => {
    if (isOver) return
    let from = 0
    for (let end; (end = chunk.indexOf(10, from)) >= 0; from = end + 1) {
      const piece = chunk.subarray(from, end)
      if (held + piece.length > most) break
      take(pieces.length === 0 ? piece.toString('latin1') : Buffer.concat([...pieces, piece]).toString('latin1'))
      pieces = []
      held = 0
    }
    pieces.push(chunk.subarray(from))
    held += chunk.length - from
    if (held <= most) return
    isOver = true
    pieces = []
    tooLong()
  }
}
