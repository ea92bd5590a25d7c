/**
 * The lists that one agent is given, in order: those that wait to be sent, and those that it has and has not answered.
 */
import type { Played } from './lines.ts'

export interface Turn {
  id: string
  /** The line of the protocol, newline included. */
  line: string
  /** Of its answer; see shapeOf. */
  shape: number[][]
  deadlineMs: number
  /** Kernel log lines that came while it was played. */
  log: string[]
  resolve: (played: Played) => void
  reject: (error: Error) => void
}

export class Turns {
  readonly #window: number
  readonly #waiting: Turn[] = []
  readonly #sent: Turn[] = []
  /** Bytes of those that were sent. */
  #flying = 0

  /** `window`: bytes that may be sent ahead of the answers; one list is always sent. */
  constructor(window: number) {
    this.#window = window
  }

  /** The one in play; undefined where the agent has none. */
  get first(): Turn | undefined {
    return this.#sent[0]
  }

  add(turn: Turn): void {
    this.#waiting.push(turn)
  }

  /** The next one that may be sent now, which counts as sent from here on; undefined where none may. */
  next(): Turn | undefined {
    const [turn] = this.#waiting
    if (!turn || (this.#sent.length > 0 && this.#flying + turn.line.length > this.#window)) return undefined
    this.#waiting.shift()
    this.#flying += turn.line.length
    this.#sent.push(turn)
    return turn
  }

  /** The first was answered. */
  drop(): void {
    this.#flying -= this.#sent.shift()!.line.length
  }

  /** All that are left, in order; none is left afterwards. */
  drain(): Turn[] {
    return [...this.#sent.splice(0), ...this.#waiting.splice(0)]
  }
}
