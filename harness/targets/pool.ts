/** Several agents of one target as if they were one that never dies. */
import { UserError } from '../process/user-error.ts'
import { printTarget } from '../model/target.ts'
import type { Greeting, Played } from '../link/lines.ts'
import { type Opening, type RealTarget, prepare } from './open.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Incident } from './incident.ts'
import { Reopener } from './reopener.ts'

export interface Pool {
  greeting: Greeting
  /** How many agents or machines were replaced so far. */
  readonly restarts: number
  /** What happened to the machines so far. */
  readonly incidents: readonly Incident[]
  /** Resolves with the reason, one line, when it is closed or the target cannot be kept up. */
  over: Promise<string>
  /**
   * Plays a list of ops on whichever agent is free. The list that takes its agent down resolves to lost; the others
   * that were under way are played again. Rejects with a UserError when the target cannot be kept up.
   */
  play(ops: string, deadlineMs: number, trace?: string): Promise<Played>
  /** Plays a list alone, with ten times its time, on an agent that was opened for such lists. */
  again(ops: string, deadlineMs: number, trace?: string): Promise<Played>
  /**
   * Plays a list of ops on each agent, between two other lists; undefined for one that plays no lists at the time. What
   * the kernel logs meanwhile is an incident.
   */
  each(ops: string, deadlineMs: number): Promise<(Played | undefined)[]>
  /** Waits until what befell the machines since the last answers is among the incidents. */
  listen(): Promise<void>
  /** Ends the agents. Lists not yet answered reject. */
  close(): Promise<void>
}

/**
 * A pool of `size` agents; `pauses` are the milliseconds before each attempt to replace a lost one. Rejects with what
 * `open` rejects with where not all of them come up at first.
 */
export const poolOf = async (
  name: string,
  opening: Opening,
  size: number,
  pauses: readonly number[] = [0, 0, 0],
): Promise<Pool> => {
  const opened = await Promise.allSettled(Array.from({ length: size }, () => opening.open()))
  const links = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = opened.find((result) => result.status === 'rejected')
  if (failure || !links[0]) {
    await Promise.all(links.map((link) => link.close()))
    throw failure?.reason ?? new UserError(`${name}: a pool needs at least one agent`)
  }
  const reopener = new Reopener(name, opening, pauses)
  const dispatcher = new Dispatcher(links, reopener, opening.openAgain !== undefined)
  return {
    greeting: links[0].greeting,
    get restarts() {
      return reopener.count
    },
    incidents: dispatcher.incidents,
    over: dispatcher.over,
    play: (ops, deadlineMs, trace) =>
      dispatcher.play({ ops, deadlineMs, ...(trace !== undefined && { trace }) }, false),
    again: async (ops, deadlineMs, trace) => ({
      ...(await dispatcher.play({ ops, deadlineMs, ...(trace !== undefined && { trace }) }, true)),
      ...(opening.openAgain && { isCounted: true }),
    }),
    each: (ops, deadlineMs) => dispatcher.each({ ops, deadlineMs }),
    listen: () => dispatcher.listen(),
    close: () => dispatcher.finish(new UserError(`${name}: closed`)),
  }
}

/**
 * Opens a target: two guests side by side for qemu, else one agent. `opening`: what `prepare` gave for it. Throws a
 * UserError where it cannot be used.
 */
export const openPool = async (
  target: RealTarget,
  { size = target.kind === 'qemu' ? 2 : 1, opening }: { size?: number; opening?: Opening } = {},
): Promise<Pool> => {
  const isBoard = target.kind === 'ssh' || target.kind === 'serial'
  // A board that reboots needs minutes.
  const pauses = isBoard ? [1000, 30_000, 90_000] : undefined
  return poolOf(printTarget(target), opening ?? (await prepare(target)), size, pauses)
}
