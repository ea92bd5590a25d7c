/** What an agent is to those that ask it, and the streams that it is reached by. */
import type { Readable, Writable } from 'node:stream'
import type { Greeting, Played } from './lines.ts'

/** How an agent, or its machine, went away. */
export interface Death {
  /** One line: its last words, or what it did wrong. */
  why: string
  /** Kernel log lines since the list in play began; since the last answer where none was. */
  log: string[]
  /** A list was in play, which resolves to lost. */
  hadWork: boolean
  /** This side closed it. */
  isClosed: boolean
  /** It may live: this side only stopped waiting for it. */
  isLate: boolean
}

export interface AgentLink {
  greeting: Greeting
  /**
   * Plays a list of ops; many may be under way. Rejects with Unplayed where the stream was lost before this list's
   * turn: it was not the cause and may be played elsewhere.
   */
  play(ops: string, deadlineMs: number): Promise<Played>
  /** Resolves when the stream has ended, and never rejects. */
  ended: Promise<Death>
  /** Says bye; resolves when the other side has ended, or after a second. Lists not answered reject with Unplayed. */
  close(): Promise<void>
}

/** The stream ended before the list's turn came, or was closed. */
export class UnplayedError extends Error {
  override name = 'Unplayed'
}

export interface AgentStream {
  input: Writable
  output: Readable
  /** Names the other side in messages. */
  name: string
  /** Bytes that may be sent ahead of the answers; at least one list is always sent. 64 KiB where not given. */
  window?: number
  /**
   * Where the stream is a UART, lines that are no answer are ignored. The agent of a booting machine greets
   * unasked, and nothing may be sent before; a running one is asked until it hears.
   */
  uart?: 'booting' | 'running'
  /** How long the greeting may take, in ms; 10 s where not given. */
  patience?: number
  /** How long after its deadline a list may stay unanswered until the agent counts as lost, in ms; 15 s by default. */
  grace?: number
  /** How many ms the other side was kept from running since this was last asked: they do not count against it. */
  starved?: () => number
  /**
   * Called once when the stream has ended, with the time (ms since 1970) when the lost list's turn began, or when the
   * last answer came, for what is known of the reason and for kernel log lines seen elsewhere since then.
   */
  postMortem?: (since: number) => Promise<{ why?: string | undefined; log?: string[] }>
}
