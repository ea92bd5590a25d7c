/** A list of ops that an agent is to play, and who waits for what comes of it. */
import type { Played } from '../link/lines.ts'

/** `trace`: the calls in the notation, where they are known. */
export interface OpsList {
  ops: string
  deadlineMs: number
  trace?: string
}

/** A list that somebody waits for. */
export interface Job extends OpsList {
  /** It is played again, alone. */
  isAgain: boolean
  resolve: (played: Played) => void
  reject: (error: Error) => void
}
