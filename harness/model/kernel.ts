/** Where calls are answered. Suites never name one. */
import type { Answer, Call } from './call.ts'
import type { Host } from './host.ts'
import type { Release } from './release.ts'

/** What came back for a list of calls, played alone in a fresh process. */
export interface Playing {
  /**
   * One answer a call; fewer if `outcome` is not done: the first call without answer is the one that did not return.
   */
  answers: Answer[]
  /** done; hung: blocked until the deadline; died: its process was killed; lost: the agent or its machine went away. */
  outcome: 'done' | 'hung' | 'died' | 'lost'
  /** One line on what happened, where not done. */
  why?: string
  /** Kernel log lines that appeared meanwhile. */
  log: string[]
  /** Time was counted in instructions there, so that it is no matter how fast the host is. */
  isCounted?: true
}

export interface Kernel {
  host: Host
  /**
   * Plays a list isolated from every other; many may be under way. Rejects only where the target as a whole is gone.
   */
  play(calls: readonly Call[]): Promise<Playing>
  /**
   * Plays a list once more: on a machine that was booted for such lists (a fresh agent, where the target has but one
   * machine), alone, and with ten times the time. Absent where the same calls are always answered alike.
   */
  again?(calls: readonly Call[]): Promise<Playing>
  close(): Promise<void>
}

/** A kernel, and the release whose rules judge it. */
export interface Judgeable {
  kernel: Kernel
  release: Release
}
