/**
 * How far a player is, in memory that outlives it: the player writes it in passing, the supervisor reads it as a file
 * when a deadline may be over or the player is gone. Both sides know this layout.
 */

/** Offsets of the head's fields. */
export const HEAD = {
  /** u32: lines begun. */
  begun: 0,
  /** u32: bytes of text: the id, and the answers so far, as the answer's line has them after its first word. */
  text: 4,
  /** u32: records handed to the kernel together, whose answers are not in the text yet. */
  batch: 8,
  /** u32: bytes of text when that was; the batch is over when there are more. */
  batchText: 12,
  /** f64: when the list at work is overdue, in ms of the monotonic clock; 0 outside a list. */
  deadline: 16,
  size: 64,
} as const

/** The result of a record whose call did not return yet, in both halves; no call gives it. */
export const PENDING = 0x5a5a5a5a

export const MAX_OPS = 512
/** Where the records of a list's calls begin. */
export const RECORDS_AT = 0x1000
/** Where the text begins. */
export const TEXT_AT = RECORDS_AT + 0x10000
/** All of it: the longest answer is 511 times 1000 (hex) bytes read back. */
export const PROGRESS_SIZE = TEXT_AT + 0x500000

/** The descriptor by which the supervisor finds this memory in /proc, while the player lives. */
export const FD_LOG = 3
export const FD_PROGRESS = 4
/** What a list opens begins here, as in agent.c; a player's own other descriptors lie from FIRST_OWN_FD. */
export const FIRST_FD = 5
export const FIRST_OWN_FD = 64

/** Milliseconds on the clock that all processes share. */
export const now = (): number => {
  const [s, ns] = process.hrtime()
  return s * 1e3 + ns / 1e6
}
