/** What a run has of its target, before it is opened and after. */
import type { Emulator } from '../model/emulator.ts'
import type { Host } from '../model/host.ts'
import type { Pool } from '../targets/pool.ts'

export interface Opened {
  host: Host
  /** What of its kernel cannot be seen, a line each; none for the mock. */
  unseen: readonly string[]
  /** What emulates its machine, where one is emulated. */
  qemu?: Emulator
  /** Where its agents are shared with the test processes, and the agents themselves; absent for the mock. */
  socket?: string
  pool?: Pool
  close(): Promise<void>
}

/** A target whose words were understood, and that may work as far as can be told without opening it. */
export interface PreparedTarget {
  /**
   * Opens it, with so many agents side by side. The host of a real one is probed, so that the oracle judges what is
   * there and not what was recorded once. Throws a UserError where it cannot be used.
   */
  open(jobs?: number): Promise<Opened>
}

/** Hears of a list of ops and its deadline, before it is played. */
export type Hear = (ops: string, deadlineMs: number) => void
